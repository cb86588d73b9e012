// Lets a request pass that its caller's policy allows, and refuses any other as AWS does: in the words of its
// troubleshooting guide, with the protocol's own code.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
import type { World } from '../../world/world.ts';
import type { ApiInput } from '../api.ts';
import type { Identified, ServiceName } from '../doors/identify.ts';
import { type Decision, decide } from './evaluate.ts';
import { type Principal, principalArn } from './principal.ts';
import { targetsOf } from './targets.ts';

/** What IAM calls a service where it is not the name we know it by. */
const PREFIXES: Readonly<Partial<Record<ServiceName, string>>> = { elbv2: 'elasticloadbalancing' };

const BECAUSE: Readonly<Record<Exclude<Decision, 'allowed'>, (action: string) => string>> = {
  'not-allowed': (action) => `because no identity-based policy allows the ${action} action`,
  denied: () => 'with an explicit deny in an identity-based policy',
};

/**
 * Throws the protocol's own `ApiError` unless everything the request is about is allowed. Who has no role may do
 * everything, and whose key it is everybody may ask.
 */
export function permit(
  world: World,
  { service, action: name, protocol }: Identified,
  principal: Principal,
  input: ApiInput,
): void {
  if (principal.role === null || service === 'sts') return;
  const { policy } = principal.role;
  const action = `${PREFIXES[service] ?? service}:${name}`;
  for (const target of targetsOf(world, action, input)) {
    const decision = decide(policy, action, target);
    if (decision === 'allowed') continue;
    const user = principalArn(world.settings.accountId, principal);
    const on = target.arn === '*' && service !== 'ecs' ? '' : ` on resource: ${target.arn}`;
    const words = `User: ${user} is not authorized to perform: ${action}${on} ${BECAUSE[decision](action)}`;
    throw protocol.refusals.accessDenied(words);
  }
}
