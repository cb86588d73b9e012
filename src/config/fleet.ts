// A fleet file: which existing fleet is kept, and between which bounds.
import { type FleetId, fleetId } from '../model/ids.ts';
import type { KeyedValues } from './differences.ts';
import { oneOf, text, wholeNumber } from './format.ts';
import type { Mistake } from './mistake.ts';
import { readSettings } from './settings.ts';

export interface FleetConfig {
  readonly name: string;
  readonly id: FleetId;
  readonly minUnits: number;
  readonly maxUnits: number;
}

// No fleet has more: the quota of a Spot Fleet request is 10,000 units of target capacity.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/fleet-quotas.html
const MOST_UNITS = 10_000;

export const FLEET_SETTINGS = {
  name: {
    doc: 'What the fleet is called in reports and metrics.',
    format: text('a name of letters, digits, - and _', /^[\w-]{1,64}$/),
    env: [],
  },
  api: {
    doc: 'The AWS API the fleet belongs to.',
    format: oneOf(['spot-fleet']),
    default: 'spot-fleet',
    env: [],
  },
  id: {
    doc: 'The existing Spot Fleet request, of type `maintain` and with the excess capacity termination policy `noTermination`.',
    format: text('the id of a Spot Fleet request, sfr-...', /^sfr-[0-9a-f-]+$/),
    env: [],
  },
  'targetCapacity.min': {
    doc: 'The target capacity never goes below this many units.',
    format: wholeNumber(0, MOST_UNITS),
    env: [],
  },
  'targetCapacity.max': {
    doc: 'The target capacity never goes above this many units: the bound of what the fleet can cost.',
    format: wholeNumber(1, MOST_UNITS),
    env: [],
  },
} as const;

/** Reads one fleet file. The fleet and its values, by `fleet.` and their keys, are good only where there are no mistakes. */
export function readFleetFile(file: string): {
  fleet: FleetConfig;
  values: KeyedValues;
  mistakes: readonly Mistake[];
} {
  const { values: given, mistakes, originOf } = readSettings(FLEET_SETTINGS, { flags: {}, env: {}, file });
  const [min, max] = [given['targetCapacity.min'], given['targetCapacity.max']];
  const fleet = { name: given.name, id: fleetId(given.id), minUnits: min, maxUnits: max };
  const values = Object.fromEntries(Object.entries(given).map(([key, value]) => [`fleet.${key}`, value]));
  if (mistakes.length > 0 || min <= max) return { fleet, values, mistakes };
  const problem = `expected at least targetCapacity.min (${min}), found ${max}`;
  return { fleet, values, mistakes: [{ ...originOf('targetCapacity.max'), key: 'targetCapacity.max', problem }] };
}
