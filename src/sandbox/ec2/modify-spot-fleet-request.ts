// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifySpotFleetRequest.html
import type { ExcessCapacityTerminationPolicy } from '../../model/fleet.ts';
import type { Fleet } from '../../world/ec2/fleet.ts';
import { MAX_TARGET_UNITS } from '../../world/ec2/fleet-spec.ts';
import { type ApiAction, ApiError, type ApiInput } from '../api.ts';
import { findFleet } from './fleet-ids.ts';
import { invalidValue, requiredText, text, wholeNumber } from './input.ts';

/** Values are absolute. A fleet that is not `active`, or not of type `maintain`, answers `FleetNotInModifiableState`. */
export const modifySpotFleetRequest: ApiAction = ({ world, input }) => {
  const fleet = findFleet(world, requiredText(input, 'SpotFleetRequestId'));
  world.ec2.modifyFleet(fleet.id, {
    targetUnits: wholeNumber(input, 'TargetCapacity', [0, MAX_TARGET_UNITS]) ?? undefined,
    onDemandUnits: wholeNumber(input, 'OnDemandTargetCapacity', [0, MAX_TARGET_UNITS]) ?? undefined,
    excessCapacityTerminationPolicy: readPolicy(input),
    templateVersion: readTemplateVersion(input, fleet),
  });
  return { return: true };
};

/** AWS takes whole configurations; here the fleet's own one at another version, with the overrides it has. */
function readTemplateVersion({ LaunchTemplateConfig: given }: ApiInput, { template, spec }: Fleet): string | undefined {
  if (given === undefined) return undefined;
  const [config, ...others] = Array.isArray(given) ? given : [given];
  const { LaunchTemplateId, LaunchTemplateName, Version } = config?.LaunchTemplateSpecification ?? {};
  const overrides: unknown = config?.Overrides;
  const isOwn = LaunchTemplateId === template.id && LaunchTemplateName === undefined && others.length === 0;
  if (!isOwn || (Array.isArray(overrides) && overrides.length !== spec.overrides.length)) {
    throw new ApiError(
      'UnsupportedOperation',
      'The sandbox changes a Spot Fleet request only to another version of its own launch template, with its overrides.',
    );
  }
  if (typeof Version === 'string' && Version !== '') return Version;
  throw new ApiError('InvalidSpotFleetRequestConfig', 'A launch template needs a version.');
}

function readPolicy(input: ApiInput): ExcessCapacityTerminationPolicy | undefined {
  const given = text(input, 'ExcessCapacityTerminationPolicy');
  if (given === null) return undefined;
  if (given === 'default' || given === 'noTermination') return given;
  throw invalidValue(
    `Value (${given}) for parameter excessCapacityTerminationPolicy is invalid. Expecting default or noTermination.`,
  );
}
