// All invariants over one play.
import type { PassResult } from '../../controller/pass.ts';
import type { Stage } from '../play/stage.ts';
import { actionsHaveReasons } from './actions-have-reasons.ts';
import { budgetsHold } from './budgets-hold.ts';
import { drainsEnd } from './drains-end.ts';
import { instancesGrowOld } from './instances-grow-old.ts';
import type { Invariant } from './invariant.ts';
import { leadersWriteAlone } from './leaders-write-alone.ts';
import { nobodyIsAccused } from './nobody-is-accused.ts';
import { roomComesInTime } from './room-comes-in-time.ts';
import { standingsAreOne } from './standings-are-one.ts';
import { targetsStayInRange } from './targets-stay-in-range.ts';
import { tasksAreTold } from './tasks-are-told.ts';
import { Weather } from './weather.ts';

export const INVARIANTS: readonly Invariant[] = [
  tasksAreTold,
  targetsStayInRange,
  leadersWriteAlone,
  standingsAreOne,
  roomComesInTime,
  instancesGrowOld,
  budgetsHold,
  actionsHaveReasons,
  drainsEnd,
  nobodyIsAccused,
];

export interface Violation {
  readonly atMs: number;
  /** The name of the invariant. */
  readonly invariant: string;
  readonly what: string;
}

export interface Watch {
  passed(who: string, result: PassResult): void;
  acted(who: string, action: Readonly<Record<string, unknown>>): void;
  stepped(): void;
}

/** Begins to watch a stage. @param onViolation called with each */
export function watchOver(stage: Stage, onViolation: (violation: Violation) => void): Watch {
  const weather = new Weather(stage);
  const passes: ((who: string, result: PassResult) => void)[] = [];
  const actions: ((who: string, action: Readonly<Record<string, unknown>>) => void)[] = [];
  const looks: (() => void)[] = [];
  const watched = {
    stage,
    weather,
    onPass: (listener: (typeof passes)[number]) => void passes.push(listener),
    onAction: (listener: (typeof actions)[number]) => void actions.push(listener),
    afterStep: (look: () => void) => void looks.push(look),
  };
  for (const { name, watch } of INVARIANTS) {
    watch(watched, (what) => onViolation({ atMs: stage.time.elapsedMs, invariant: name, what: stage.names.in(what) }));
  }
  return {
    passed: (who, result) => {
      for (const listener of passes) listener(who, result);
    },
    acted: (who, action) => {
      for (const listener of actions) listener(who, action);
    },
    stepped: () => {
      weather.look();
      for (const look of looks) look();
    },
  };
}
