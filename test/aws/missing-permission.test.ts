import { describe, expect, it } from 'vitest';
import { asFailure } from '../../src/aws/aws-error.ts';
import { namePermission, type RefusedCall } from '../../src/aws/missing-permission.ts';
import { CONTROLLER_PERMISSIONS } from '../../src/model/iam/controller.ts';
import { explain } from '../../src/ports/failure.ts';

const CALL: RefusedCall = { clientName: 'ECSClient', commandName: 'StartTaskCommand', policy: 'agent' };
const USER = 'User: arn:aws:sts::123456789012:assumed-role/hosts/i-0123 is not authorized to perform:';

function denial(message: string, name = 'AccessDeniedException'): Error {
  const error = new Error(message);
  error.name = name;
  return error;
}

const told = (message: string, change: Partial<RefusedCall> = {}) =>
  String(namePermission(denial(message), { ...CALL, ...change }));

describe('a call that IAM refuses', () => {
  it('is told by its action, where its line belongs, what that is for and what does not work without', () => {
    const message = `${USER} ecs:StartTask on resource: * because no identity-based policy allows the ecs:StartTask action`;
    expect(told(message)).toMatch(
      /^MissingPermission: "ecs:StartTask" is missing in the policy of this role, as in agent\.json; it is for this: .*starts them on its own instance.*\. Without it these daemons do not run/,
    );
  });

  it('is told by the action that AWS names, which may be another than the one called', () => {
    const message = `${USER} iam:PassRole on resource: arn:aws:iam::123456789012:role/r because no identity-based policy allows the iam:PassRole action`;
    expect(told(message)).toBe(
      'MissingPermission: "iam:PassRole" is missing in the policy of this role, as in agent.json',
    );
  });

  it.each([
    ['EC2Client', 'DescribeInstanceTypesCommand', 'ec2:DescribeInstanceTypes'],
    [
      'ElasticLoadBalancingV2Client',
      'DescribeTargetGroupAttributesCommand',
      'elasticloadbalancing:DescribeTargetGroupAttributes',
    ],
    ['DynamoDBClient', 'PutItemCommand', 'dynamodb:PutItem'],
    ['CloudWatchClient', 'PutMetricDataCommand', 'cloudwatch:PutMetricData'],
  ])('is told by its own action where %s names none', (clientName, commandName, action) => {
    const message = 'You are not authorized to perform this operation.';
    expect(told(message, { clientName, commandName, policy: 'controller' })).toContain(`"${action}" is missing`);
  });

  it.each([
    ['with an explicit deny in a service control policy', 'an explicit deny in a service control policy'],
    ['with an explicit deny', 'an explicit deny'],
    [
      'because no permissions boundary allows the ecs:StopTask action',
      'the fact that no permissions boundary allows it',
    ],
    [
      'because no service control policy allows the ecs:StopTask action',
      'the fact that no service control policy allows it',
    ],
    ['because no VPC endpoint policy allows the ecs:StopTask action', 'the fact that no VPC endpoint policy allows it'],
  ])('%s is not told to lack a line', (why, named) => {
    expect(told(`${USER} ecs:StopTask on resource: * ${why}`)).toContain(
      `"ecs:StopTask" is refused by ${named}, which no line in the policy of this role mends`,
    );
  });

  it('is told without a document where nobody knows whose call it was', () => {
    expect(told(`${USER} ecs:StopTask`, { policy: null })).toBe(
      'MissingPermission: "ecs:StopTask" is missing in the policy of this role',
    );
  });

  it('has no links of the README in its words', () => {
    const linked = CONTROLLER_PERMISSIONS.filter(({ why }) => why.includes(']('));
    expect(linked).not.toEqual([]);
    for (const { action } of linked) expect(told(`${USER} ${action}`, { policy: 'controller' })).not.toContain('](');
  });

  it('is a failure of the class that an operator mends, with the words of AWS behind ours', () => {
    const failure = asFailure('stopping task 7', namePermission(denial(`${USER} ecs:StopTask`), CALL));
    expect(failure.code).toBe('access-denied');
    expect(explain(failure)).toMatch(
      /^stopping task 7: MissingPermission: "ecs:StopTask" .*: AccessDeniedException: User: /,
    );
  });
});

describe('any other error', () => {
  it.each([
    denial('Rate exceeded', 'ThrottlingException'),
    denial('no', 'UnrecognizedClientException'),
    'no error at all',
  ])('stays what it is: %s', (error) => {
    expect(namePermission(error, CALL)).toBe(error);
  });
});
