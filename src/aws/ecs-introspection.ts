// The EcsAgentIntrospection port over the ECS agent's own HTTP server on this host.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-agent-introspection.html
import { containerInstanceArn, taskArn } from '../model/ids.ts';
import { Failure } from '../ports/failure.ts';
import type { EcsAgentIntrospection, LocalTask } from '../ports/metadata.ts';
import { excerpt } from './imds/answer-text.ts';
import { createLocalHttp, type LocalHttp, type LocalHttpOptions } from './local-http.ts';

// A task with ten containers takes some 4 KiB, and tasks stay listed for three hours after their end: room for a thousand.
const LARGEST_LIST_BYTES = 4 * 1024 * 1024;

type Fields = Readonly<Record<string, unknown>>;

/** Failures as for the instance's metadata: `unavailable` and `timed-out` without an answer, `refused` for one we cannot read. */
export function createEcsAgentIntrospection(options: LocalHttpOptions): EcsAgentIntrospection {
  const http = createLocalHttp(options);
  return {
    async whoAmI(signal) {
      const doing = 'asking the ECS agent who this container instance is';
      return readIdentity(await ask(http, { path: '/v1/metadata', doing, signal }), doing);
    },
    async tasks(signal) {
      const doing = 'asking the ECS agent for its tasks';
      const largestBodyBytes = LARGEST_LIST_BYTES;
      return readTasks(await ask(http, { path: '/v1/tasks', doing, signal, largestBodyBytes }), doing);
    },
  };
}

interface Question {
  readonly path: string;
  readonly doing: string;
  readonly signal: AbortSignal | undefined;
  readonly largestBodyBytes?: number;
}

async function ask(http: LocalHttp, question: Question): Promise<Fields> {
  const { status, text } = await http.send({ method: 'GET', headers: {}, ...question });
  // Error answers carry an empty object of the normal shape, so the status decides.
  if (status !== 200) throw new Failure('refused', `${question.doing}: answered ${status}`);
  try {
    return Object(JSON.parse(text));
  } catch (cause) {
    throw new Failure('refused', `${question.doing}: the answer is not JSON`, { cause });
  }
}

/** `{"Cluster":"production","ContainerInstanceArn":"arn:…"}`; the ARN is null until the ECS agent has registered. */
function readIdentity({ Cluster: cluster, ContainerInstanceArn: arn }: Fields, doing: string) {
  if (arn === null || arn === '') return null;
  if (typeof cluster !== 'string' || cluster === '' || typeof arn !== 'string') {
    throw new Failure('refused', `${doing}: the answer names no cluster or container instance`);
  }
  return { cluster, containerInstanceArn: containerInstanceArn(arn) };
}

/** A path that it does not know is answered 200 as well, with a list of commands: without `Tasks` it is no answer. */
function readTasks({ Tasks: tasks }: Fields, doing: string): LocalTask[] {
  if (!Array.isArray(tasks)) throw new Failure('refused', `${doing}: the answer has no list of tasks`);
  return tasks.map((task) => readTask(Object(task), doing));
}

const KNOWN_STATUSES = ['PENDING', 'RUNNING', 'STOPPED'] as const;

function readTask({ Arn, Family, Version, KnownStatus, DesiredStatus, Containers }: Fields, doing: string): LocalTask {
  const wrong = (field: string, value: unknown) =>
    new Failure('refused', `${doing}: cannot make sense of ${field} ${shown(value)} of task ${shown(Arn)}`);
  if (typeof Arn !== 'string' || !Arn.startsWith('arn:')) throw wrong('Arn', Arn);
  if (typeof Family !== 'string' || Family === '') throw wrong('Family', Family);
  if (typeof Version !== 'string' || !/^\d{1,9}$/.test(Version)) throw wrong('Version', Version);
  const knownStatus = KNOWN_STATUSES.find((known) => known === KnownStatus);
  if (knownStatus === undefined) throw wrong('KnownStatus', KnownStatus);
  return {
    arn: taskArn(Arn),
    family: Family,
    revision: Number(Version),
    knownStatus,
    desiredStatus: readDesired(DesiredStatus, () => wrong('DesiredStatus', DesiredStatus)),
    images: readImages(Containers),
  };
}

/** For a message. An object may not even be made a text: `{"toString":1}` throws. */
function shown(value: unknown): string {
  return value instanceof Object ? 'of another type' : excerpt(String(value));
}

/** The ECS agent reduces what it wants to the same three words; one that is to be started next is wanted to run. */
function readDesired(value: unknown, wrong: () => Failure): LocalTask['desiredStatus'] {
  if (value === undefined || value === null || value === '') return null;
  const known = KNOWN_STATUSES.find((status) => status === value);
  if (known === undefined) throw wrong();
  return known === 'STOPPED' ? 'STOPPED' : 'RUNNING';
}

/** A task that was stopped before its containers were made has none. */
function readImages(containers: unknown): string[] {
  const list: unknown[] = Array.isArray(containers) ? containers : [];
  return list.flatMap((container) => {
    const image: unknown = Object(container).Image;
    return typeof image === 'string' ? [image] : [];
  });
}
