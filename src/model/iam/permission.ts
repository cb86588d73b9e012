// The AWS permissions of each of our processes, and what each is for. This is the one list: the documents in deploy/iam/
// and the README's tables are drawn from it, the sandbox lets a process do what stands here and nothing else, and a call
// that AWS refuses is told in its words.
//
// To add one: a line in agent.ts, controller.ts or operator.ts beside this file, a call that needs it in
// test/deploy/exercises.ts, `npx vitest run test/deploy -u`, which writes the documents anew, and the README's table as
// test/docs/readme.test.ts shows it. An action that is new to the sandbox gets its resources in src/sandbox/iam/targets.ts.
import { AGENT_PERMISSIONS } from './agent.ts';
import { CONTROLLER_PERMISSIONS } from './controller.ts';
import { OPERATOR_PERMISSIONS } from './operator.ts';

/**
 * To what an action is limited; each action as narrowly as AWS lets it be.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html, and there
 * list_amazonec2.html, list_amazondynamodb.html, list_amazoncloudwatch.html, list_awselasticloadbalancingv2.html.
 */
export type Scope =
  /** AWS knows no resource for it. */
  | 'anywhere'
  /** The ECS cluster itself. */
  | 'cluster'
  /**
   * Whatever is in the ECS cluster, by the condition key `ecs:cluster`: ListServices knows no resource at all, and
   * ListTasks of a whole cluster is authorized on `*`.
   */
  | 'in-cluster'
  /** The tasks of the ECS cluster. */
  | 'tasks'
  /** The Spot Fleet request. */
  | 'fleet'
  /** The instances that the Spot Fleet request launched, by the tag that EC2 puts on them and nobody else can. */
  | 'fleet-instances'
  /** The table of the lease. */
  | 'lease-table'
  /** The namespace of our metrics. */
  | 'metrics';

export interface Permission {
  /** As IAM writes it: `ecs:StopTask`. */
  readonly action: string;
  readonly scope: Scope;
  /** The feature it is for: what the process does with it. */
  readonly why: string;
  /** What happens where it is missing. */
  readonly without: string;
}

/** Who has a policy of its own: a document in deploy/iam/ of the same name. */
export type PolicyName = 'agent' | 'controller' | 'operator';

export const PERMISSIONS: Readonly<Record<PolicyName, readonly Permission[]>> = {
  agent: AGENT_PERMISSIONS,
  controller: CONTROLLER_PERMISSIONS,
  operator: OPERATOR_PERMISSIONS,
};

/** What is known of an action; null for one that this process does not ask for itself, as `iam:PassRole`. */
export function permissionOf(policy: PolicyName, action: string): Permission | null {
  return PERMISSIONS[policy].find((permission) => permission.action === action) ?? null;
}
