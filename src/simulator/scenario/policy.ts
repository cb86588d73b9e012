// The policy of a play: what an operator's file would make of the scenario's keys, with the product's own defaults for the
// rest.
import { CONTROLLER_SETTINGS } from '../../config/controller-settings.ts';
import { policyOf } from '../../config/policy-of.ts';
import { readSettings } from '../../config/settings.ts';
import { fleetId } from '../../model/ids.ts';
import type { OnDemandPolicy, Policy } from '../../plan/policy.ts';
import type { Scenario } from './scenario.ts';

export const CLUSTER = 'simulated';
const FLEET = 'fleet';

const SPOT_ONLY: OnDemandPolicy = {
  baseUnits: 0,
  fallback: { afterMs: 120_000, maximumUnits: 0, maximumPricePerHour: null, pricePerUnitHour: null },
  returnAfterMs: 1_800_000,
};

/** @throws Error naming every key of the scenario that the configuration does not take */
export function policyFor({ settings, fleet }: Pick<Scenario, 'settings' | 'fleet'>, id: string): Policy {
  const unknown = Object.keys(settings).filter((key) => !Object.hasOwn(CONTROLLER_SETTINGS, key));
  const flags = { cluster: CLUSTER, fleets: `${FLEET}.yaml`, ...settings };
  const { values, mistakes } = readSettings(CONTROLLER_SETTINGS, { flags, env: {}, file: null });
  const wrong = [
    ...unknown.map((key) => `${key}: unknown key`),
    ...mistakes.map(({ key, problem }) => `${key}: ${problem}`),
  ];
  if (wrong.length > 0) throw new Error(`the settings of the scenario: ${wrong.join('; ')}`);
  const { minUnits, maxUnits } = fleet;
  return policyOf(values, {
    ...{ name: FLEET, id: fleetId(id), minUnits, maxUnits },
    onDemand: { ...SPOT_ONLY, ...fleet.onDemand },
  });
}
