// A call that IAM refuses, told as an operator needs it: the action that is missing, what it is for, and where its line
// goes. AWS names the action itself in most of its answers, and it may be another than the one that was called
// (`iam:PassRole`, `kms:Decrypt`); where it names none, it is the call's own.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
import { type PolicyName, permissionOf } from '../model/iam/permission.ts';

export const MISSING_PERMISSION = 'MissingPermission';

/** As the services call it: ECS and DynamoDB, CloudWatch and Elastic Load Balancing, EC2. */
const DENIALS: ReadonlySet<string> = new Set(['AccessDeniedException', 'AccessDenied', 'UnauthorizedOperation']);

/** What IAM calls the service of each client we make. */
const PREFIXES: Readonly<Record<string, string>> = {
  CloudWatchClient: 'cloudwatch',
  DynamoDBClient: 'dynamodb',
  EC2Client: 'ec2',
  ECSClient: 'ecs',
  ElasticLoadBalancingV2Client: 'elasticloadbalancing',
};

export interface RefusedCall {
  readonly clientName: string;
  /** `StopTaskCommand`. */
  readonly commandName: string;
  /** null when it is not known whose call it was. */
  readonly policy: PolicyName | null;
}

/** The error itself unless it says that a permission is missing; that with its words in front, and it as their cause. */
export function namePermission(error: unknown, call: RefusedCall): unknown {
  if (!(error instanceof Error) || !DENIALS.has(error.name)) return error;
  const { action = ownAction(call), stronger } = readDenial(error.message);
  const named = new Error(`${mending(action, stronger, call.policy)}${purpose(action, call.policy)}`, { cause: error });
  named.name = MISSING_PERMISSION;
  return named;
}

interface Denial {
  readonly action?: string;
  /** What refuses it whatever the role's policy says: `an explicit deny in a service control policy`. */
  readonly stronger: string | null;
}

/**
 * "... is not authorized to perform: ecs:StopTask on resource: ... because no identity-based policy allows the ecs:StopTask
 * action", or "... with an explicit deny in a service control policy", or "... because no permissions boundary allows ..".
 */
function readDenial(message: string): Denial {
  const action = /not authorized to perform: ([\w-]+:\w+)/.exec(message)?.[1];
  const deny = /with (an explicit deny(?: in an? [\w -]*?(?:policy|boundary))?)/.exec(message)?.[1];
  const absent = /because (no (?!identity-based)[\w -]*?(?:policy|boundary)) allows/.exec(message)?.[1];
  const stronger = deny ?? (absent === undefined ? null : `the fact that ${absent} allows it`);
  return { ...(action === undefined ? {} : { action }), stronger };
}

function ownAction({ clientName, commandName }: RefusedCall): string {
  return `${PREFIXES[clientName] ?? clientName}:${commandName.replace(/Command$/, '')}`;
}

function mending(action: string, stronger: string | null, policy: PolicyName | null): string {
  if (stronger !== null) return `"${action}" is refused by ${stronger}, which no line in the policy of this role mends`;
  const where = policy === null ? 'in the policy of this role' : `in the policy of this role, as in ${policy}.json`;
  return `"${action}" is missing ${where}`;
}

function purpose(action: string, policy: PolicyName | null): string {
  const known = policy === null ? null : permissionOf(policy, action);
  return known === null ? '' : `; it is for this: ${plain(known.why)}. Without it ${plain(known.without)}`;
}

/** The lists are written for the README; a link is nothing in a line of a log. */
function plain(text: string): string {
  return text.replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1');
}
