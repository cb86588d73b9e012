// From the values of the controller's file to the policy that the planner follows: its units and its words.
import { RETIREMENT_REASONS, type RetirementReason } from '../model/attributes.ts';
import type { DrainLimit, Policy } from '../plan/policy.ts';
import type { CONTROLLER_SETTINGS } from './controller-settings.ts';
import type { FleetConfig } from './fleet.ts';
import { pinsOf } from './headroom.ts';
import type { Values } from './settings.ts';

type Table = typeof CONTROLLER_SETTINGS;

export function policyOf(values: Values<Table>, fleet: FleetConfig): Policy {
  return {
    mode: values.mode,
    safety: { unknownShare: values['safety.unknownShare'] },
    headroom: headroomOf(values),
    fleet: { name: fleet.name, minUnits: fleet.minUnits, maxUnits: fleet.maxUnits },
    onDemand: fleet.onDemand,
    retirement: retirementOf(values),
    interruptions: {
      atRiskMs: values['interruptions.atRiskSeconds'] * 1_000,
      storm: {
        notices: values['interruptions.stormNotices'],
        withinMs: values['interruptions.stormWithinSeconds'] * 1_000,
        lastsMs: values['interruptions.stormLastsSeconds'] * 1_000,
      },
    },
    orphans: {
      response: values['orphans.response'],
      disconnectedMs: values['orphans.disconnectedSeconds'] * 1_000,
      failuresBeforeStop: values['orphans.failuresBeforeStop'],
    },
    scaleIn: { idleMs: values['scaleIn.idleSeconds'] * 1_000 },
    pendingDebounceMs: values.pendingDebounceSeconds * 1_000,
    joinGraceMs: values.joinGraceSeconds * 1_000,
    disconnectGraceMs: values.disconnectGraceSeconds * 1_000,
    isReportedByInstance: values['metrics.perInstance'],
  };
}

function retirementOf(values: Values<Table>): Policy['retirement'] {
  const usual: DrainLimit = {
    limitMs: values['retirement.drainSeconds'] * 1_000,
    end: values['retirement.drainEnd'],
  };
  const limitOf = (reason: RetirementReason): DrainLimit => {
    const { seconds, end = usual.end } = values['retirement.drainLimits'].find((each) => each.reason === reason) ?? {};
    return { limitMs: seconds === undefined ? usual.limitMs : seconds * 1_000, end };
  };
  const drain = Object.fromEntries(RETIREMENT_REASONS.map((reason) => [reason, limitOf(reason)]));
  return {
    minimumAgeMs: values['retirement.minimumAgeSeconds'] * 1_000,
    budgets: values['retirement.budgets'].map(({ most, perZone = false, withinSeconds }) => ({
      most: typeof most === 'number' ? { count: most } : { share: Number.parseFloat(most) / 100 },
      isPerZone: perZone,
      withinMs: withinSeconds === undefined ? null : withinSeconds * 1_000,
    })),
    quiet: values['retirement.quiet'],
    consolidateEveryMs: values['retirement.consolidateEverySeconds'] * 1_000,
    drift: values['retirement.drift'],
    drain: drain as Policy['retirement']['drain'], // every reason, which fromEntries cannot say
    standaloneTasks: values['retirement.standaloneTasks'],
  };
}

function headroomOf(values: Values<Table>): Policy['headroom'] {
  const quantile = values['headroom.arrivalQuantile'];
  return {
    largestTasks: values['headroom.largestTasks'],
    survive: values['headroom.survive'],
    pins: pinsOf(values['headroom.pins']),
    arrivalQuantile: quantile === 'off' ? null : quantile,
    forgetLargestMs: values['headroom.forgetLargestSeconds'] * 1_000,
    floors: values['headroom.floors'],
  };
}
