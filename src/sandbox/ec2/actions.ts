// The EC2 actions the sandbox answers.
import { Ec2Refusal } from '../../world/ec2/refusal.ts';
import { type ApiAction, ApiError } from '../api.ts';
import { describeInstanceTypes } from './describe-instance-types.ts';
import { describeInstances } from './describe-instances.ts';
import { describeSpotFleetInstances } from './describe-spot-fleet-instances.ts';
import { describeSpotFleetRequestHistory } from './describe-spot-fleet-request-history.ts';
import { describeSpotFleetRequests } from './describe-spot-fleet-requests.ts';
import { modifySpotFleetRequest } from './modify-spot-fleet-request.ts';
import { terminateInstances } from './terminate-instances.ts';

/** By the name AWS gives them. An `ApiError` is the answer to what cannot be done. */
export const ec2Actions: Readonly<Record<string, ApiAction>> = {
  DescribeInstances: withDryRun(withRefusals(describeInstances)),
  DescribeInstanceTypes: withDryRun(withRefusals(describeInstanceTypes)),
  DescribeSpotFleetInstances: withDryRun(withRefusals(describeSpotFleetInstances)),
  DescribeSpotFleetRequestHistory: withDryRun(withRefusals(describeSpotFleetRequestHistory)),
  DescribeSpotFleetRequests: withDryRun(withRefusals(describeSpotFleetRequests)),
  // The one of these that has no DryRun.
  ModifySpotFleetRequest: withRefusals(modifySpotFleetRequest),
  TerminateInstances: withDryRun(withRefusals(terminateInstances)),
};

/** Everybody is allowed everything here, so a dry run always would have succeeded. */
function withDryRun(action: ApiAction): ApiAction {
  return (request) => {
    if (request.input.DryRun !== 'true') return action(request);
    throw new ApiError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', 412);
  };
}

/** What the world refuses carries AWS's own code already. */
function withRefusals(action: ApiAction): ApiAction {
  return (request) => {
    try {
      return action(request);
    } catch (error) {
      throw error instanceof Ec2Refusal ? new ApiError(error.code, error.message) : error;
    }
  };
}
