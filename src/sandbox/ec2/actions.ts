// The EC2 actions the sandbox answers.
import { type ApiAction, ApiError } from '../api.ts';
import { describeInstanceTypes } from './describe-instance-types.ts';
import { describeInstances } from './describe-instances.ts';
import { describeLaunchTemplateVersions } from './describe-launch-template-versions.ts';
import { describeSpotFleetInstances } from './describe-spot-fleet-instances.ts';
import { describeSpotFleetRequestHistory } from './describe-spot-fleet-request-history.ts';
import { describeSpotFleetRequests } from './describe-spot-fleet-requests.ts';
import { modifySpotFleetRequest } from './modify-spot-fleet-request.ts';
import { terminateInstances } from './terminate-instances.ts';

/** By the name AWS gives them. An `ApiError`, or a `Refusal` of the world, is the answer to what cannot be done. */
export const ec2Actions: Readonly<Record<string, ApiAction>> = {
  DescribeInstances: withDryRun(describeInstances),
  DescribeInstanceTypes: withDryRun(describeInstanceTypes),
  DescribeLaunchTemplateVersions: withDryRun(describeLaunchTemplateVersions),
  DescribeSpotFleetInstances: withDryRun(describeSpotFleetInstances),
  DescribeSpotFleetRequestHistory: withDryRun(describeSpotFleetRequestHistory),
  DescribeSpotFleetRequests: withDryRun(describeSpotFleetRequests),
  // The one of these that has no DryRun.
  ModifySpotFleetRequest: modifySpotFleetRequest,
  TerminateInstances: withDryRun(terminateInstances),
};

/** What a caller may do was asked before, as on AWS; so a dry run that comes here would have succeeded. */
function withDryRun(action: ApiAction): ApiAction {
  return (request) => {
    if (request.input.DryRun !== 'true') return action(request);
    throw new ApiError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', 412);
  };
}
