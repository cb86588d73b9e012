// The EcsAgentIntrospection port over the ECS agent's own HTTP server on this host.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-agent-introspection.html
import { containerInstanceArn } from '../model/ids.ts';
import { Failure } from '../ports/failure.ts';
import type { EcsAgentIntrospection } from '../ports/metadata.ts';
import { createLocalHttp, type LocalHttpOptions } from './local-http.ts';

/** Failures as for the instance's metadata: `unavailable` and `timed-out` without an answer, `refused` for one we cannot read. */
export function createEcsAgentIntrospection(options: LocalHttpOptions): EcsAgentIntrospection {
  const http = createLocalHttp(options);
  const doing = 'asking the ECS agent who this container instance is';
  return {
    async whoAmI(signal) {
      const answer = await http({ method: 'GET', path: '/v1/metadata', headers: {}, doing, signal });
      // Error answers carry an empty object of the normal shape, so the status decides.
      if (answer.status !== 200) throw new Failure('refused', `${doing}: answered ${answer.status}`);
      return readIdentity(answer.text, doing);
    },
  };
}

/** `{"Cluster":"production","ContainerInstanceArn":"arn:…"}`; the ARN is null until the ECS agent has registered. */
function readIdentity(text: string, doing: string) {
  let identity: { Cluster?: unknown; ContainerInstanceArn?: unknown };
  try {
    identity = Object(JSON.parse(text));
  } catch (cause) {
    throw new Failure('refused', `${doing}: the answer is not JSON`, { cause });
  }
  const { Cluster: cluster, ContainerInstanceArn: arn } = identity;
  if (arn === null || arn === '') return null;
  if (typeof cluster !== 'string' || cluster === '' || typeof arn !== 'string') {
    throw new Failure('refused', `${doing}: the answer names no cluster or container instance`);
  }
  return { cluster, containerInstanceArn: containerInstanceArn(arn) };
}
