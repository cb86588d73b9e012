// The one action of Elastic Load Balancing that matters to the end of a task.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTargetGroupAttributes.html
import { type ApiAction, ApiError } from '../api.ts';
import type { ActionTable } from '../doors/front-door.ts';

const describeTargetGroupAttributes: ApiAction = ({ world, input }) => {
  const arn = input.TargetGroupArn;
  if (typeof arn !== 'string' || arn === '') {
    throw new ApiError('ValidationError', "A target group ARN must be specified: 'TargetGroupArn' is missing");
  }
  const group = world.targetGroups.find(arn);
  if (group === undefined) throw new ApiError('TargetGroupNotFound', 'One or more target groups not found');
  const seconds = Math.round(group.deregistrationDelayMs / 1_000);
  return {
    Attributes: [
      { Key: 'stickiness.enabled', Value: 'false' },
      { Key: 'deregistration_delay.timeout_seconds', Value: String(seconds) },
      { Key: 'load_balancing.algorithm.type', Value: 'round_robin' },
    ],
  };
};

export const elbv2Actions: ActionTable = { DescribeTargetGroupAttributes: describeTargetGroupAttributes };
