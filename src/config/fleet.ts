// A fleet file: which existing fleet is kept, and between which bounds.
import { type FleetId, fleetId } from '../model/ids.ts';
import type { OnDemandPolicy } from '../plan/policy.ts';
import type { KeyedValues } from './differences.ts';
import { oneOf, orNothing, seconds, share, text, wholeNumber } from './format.ts';
import type { Mistake } from './mistake.ts';
import { readSettings, type Values } from './settings.ts';

export interface FleetConfig {
  readonly name: string;
  readonly id: FleetId;
  readonly minUnits: number;
  readonly maxUnits: number;
  readonly onDemand: OnDemandPolicy;
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
  'onDemand.base': {
    doc: 'Units of the target that are On-Demand whatever Spot there is; the fleet needs a launch template for it.',
    format: wholeNumber(0, MOST_UNITS),
    default: 0,
    env: [],
  },
  'onDemand.fallback.maximumUnits': {
    doc: 'At most so many units of On-Demand capacity, beside the base, stand in for Spot that does not come; 0 for never. The fleet needs a launch template for it.',
    format: wholeNumber(0, MOST_UNITS),
    default: 0,
    env: [],
  },
  'onDemand.fallback.afterSeconds': {
    doc: 'They do when units that tasks or the promise need have been missing all the time for so long, and for longer than nearly all launches take.',
    format: seconds(0, 86_400),
    default: 120,
    env: [],
  },
  'onDemand.fallback.maximumPricePerHour': {
    doc: 'What these units may cost an hour in all, USD, at `onDemand.pricePerUnitHour`; nothing for no other bound than the units.',
    format: orNothing(share(0, 1_000_000)),
    default: null,
    env: [],
  },
  'onDemand.pricePerUnitHour': {
    doc: 'What one unit of On-Demand capacity is reckoned to cost an hour, USD; AWS is not asked.',
    format: orNothing(share(0.000_1, 10_000)),
    default: null,
    env: [],
  },
  'onDemand.returnAfterSeconds': {
    doc: 'So long after the last fallback it is tried to replace On-Demand instances by Spot, within the budgets of retirement; where the Spot does not come they stay, and each further try waits twice as long, up to four hours.',
    format: seconds(0, 86_400),
    default: 1_800,
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
  const fleet = {
    name: given.name,
    id: fleetId(given.id),
    minUnits: min,
    maxUnits: max,
    onDemand: onDemandOf(given),
  };
  const values = Object.fromEntries(Object.entries(given).map(([key, value]) => [`fleet.${key}`, value]));
  if (mistakes.length > 0) return { fleet, values, mistakes };
  const wrong = relationsOf(given).map(({ key, problem }) => ({ ...originOf(key), key, problem }));
  return { fleet, values, mistakes: wrong };
}

type Given = Values<typeof FLEET_SETTINGS>;

/** What the keys must be to each other. */
function relationsOf(given: Given): { readonly key: keyof typeof FLEET_SETTINGS; readonly problem: string }[] {
  const [min, max, base] = [given['targetCapacity.min'], given['targetCapacity.max'], given['onDemand.base']];
  const isBounded = given['onDemand.fallback.maximumPricePerHour'] !== null;
  return [
    ...(min <= max
      ? []
      : [
          {
            key: 'targetCapacity.max',
            problem: `expected at least targetCapacity.min (${min}), found ${max}`,
          } as const,
        ]),
    ...(base <= min
      ? []
      : [{ key: 'onDemand.base', problem: `expected at most targetCapacity.min (${min}), found ${base}` } as const]),
    ...(isBounded && given['onDemand.pricePerUnitHour'] === null
      ? [
          {
            key: 'onDemand.pricePerUnitHour',
            problem: 'expected a price, because onDemand.fallback.maximumPricePerHour is given, found nothing',
          } as const,
        ]
      : []),
  ];
}

function onDemandOf(given: Given): OnDemandPolicy {
  return {
    baseUnits: given['onDemand.base'],
    fallback: {
      afterMs: given['onDemand.fallback.afterSeconds'] * 1_000,
      maximumUnits: given['onDemand.fallback.maximumUnits'],
      maximumPricePerHour: given['onDemand.fallback.maximumPricePerHour'],
      pricePerUnitHour: given['onDemand.pricePerUnitHour'],
    },
    returnAfterMs: given['onDemand.returnAfterSeconds'] * 1_000,
  };
}
