// An IAM policy, made from the list of permissions for one cluster, or for the placeholders of deploy/iam/.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
import { PERMISSIONS, type PolicyName, type Scope } from './permission.ts';

/** As much of IAM's language as our policies use. */
export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  /** Operator, then condition key, then the value or values of which one must fit. */
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** What one policy is limited to. */
export interface Places {
  readonly region: string;
  readonly account: string;
  readonly cluster: string;
  readonly fleetId: string;
  readonly leaseTable: string;
}

/** What stands in the documents of deploy/iam/ until somebody puts in his own. */
export const PLACEHOLDERS: Places = {
  region: 'REGION',
  account: 'ACCOUNT',
  cluster: 'CLUSTER',
  fleetId: 'SPOT_FLEET_REQUEST',
  leaseTable: 'LEASE_TABLE',
};

/** The namespace of our metrics in CloudWatch. */
export const METRICS_NAMESPACE = 'Spotkeeper';

/** The tag that EC2 puts on what a Spot fleet launched; no one else may set tags that begin with `aws:`. */
export const FLEET_TAG = 'aws:ec2spot:fleet-request-id';

type Limits = Pick<Statement, 'Resource' | 'Condition'> & { readonly Sid: string };

/** One statement for each scope, in the order of the list. */
export function policyDocument(name: PolicyName, places: Places): PolicyDocument {
  const actions = new Map<Scope, string[]>();
  for (const { action, scope } of PERMISSIONS[name]) actions.set(scope, [...(actions.get(scope) ?? []), action]);
  return {
    Version: '2012-10-17',
    Statement: [...actions].map(([scope, Action]) => {
      const { Sid, ...limits } = limitsOf(scope, places);
      return { Sid, Effect: 'Allow', Action, ...limits };
    }),
  };
}

function limitsOf(scope: Scope, { region, account, cluster, fleetId, leaseTable }: Places): Limits {
  const arn = (service: string, resource: string) => `arn:aws:${service}:${region}:${account}:${resource}`;
  switch (scope) {
    case 'anywhere':
      return { Sid: 'Anywhere', Resource: '*' };
    case 'cluster':
      return { Sid: 'OnTheCluster', Resource: arn('ecs', `cluster/${cluster}`) };
    case 'in-cluster':
      return {
        Sid: 'InTheCluster',
        Resource: '*',
        Condition: { ArnEquals: { 'ecs:cluster': arn('ecs', `cluster/${cluster}`) } },
      };
    case 'tasks':
      return { Sid: 'OnItsTasks', Resource: arn('ecs', `task/${cluster}/*`) };
    case 'fleet':
      return { Sid: 'OnTheFleet', Resource: arn('ec2', `spot-fleet-request/${fleetId}`) };
    case 'fleet-instances':
      return {
        Sid: 'OnItsInstances',
        Resource: arn('ec2', 'instance/*'),
        Condition: { StringEquals: { [`aws:ResourceTag/${FLEET_TAG}`]: fleetId } },
      };
    case 'lease-table':
      return { Sid: 'OnTheLeaseTable', Resource: arn('dynamodb', `table/${leaseTable}`) };
    case 'metrics':
      return {
        Sid: 'OfItsMetrics',
        Resource: '*',
        Condition: { StringEquals: { 'cloudwatch:namespace': METRICS_NAMESPACE } },
      };
    default:
      return scope satisfies never;
  }
}
