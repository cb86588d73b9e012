// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TerminateInstances.html
import { type ApiAction, ApiError } from '../api.ts';
import { missing, texts } from './input.ts';
import { describeState } from './instance-description.ts';
import { findInstances } from './instance-ids.ts';

const MAX_IDS = 1000;

/** All or nothing on ids it does not know; terminating what is terminated succeeds. */
export const terminateInstances: ApiAction = ({ world, input }) => {
  const ids = texts(input, 'InstanceId');
  if (ids.length === 0) missing('InstanceId');
  if (ids.length > MAX_IDS) {
    throw new ApiError('InvalidParameterValue', `At most ${MAX_IDS} instance IDs can be terminated in one request.`);
  }
  const ended = world.ec2.terminate(findInstances(world, ids).map(({ id }) => id));
  return {
    instancesSet: ended.map(({ instanceId, previousState, currentState }) => ({
      instanceId,
      currentState: describeState(currentState),
      previousState: describeState(previousState),
    })),
  };
};
