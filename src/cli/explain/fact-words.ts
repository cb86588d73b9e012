// One fact as a line of the page: what it is about, and the fact.
import { describeAction } from '../describe-action.ts';
import { listed } from '../layout.ts';
import { evidenceWords } from '../render-conflicts.ts';
import { holdWords, pauseWords } from '../render-restraint.ts';
import {
  CONFLICT_WORDS,
  FREEZE_WORDS,
  PART_WORDS,
  RETIREMENT_WORDS,
  SCALE_IN_WORDS,
  SCENARIO_WORDS,
  SET_ASIDE_WORDS,
  STANDING_WORDS,
  TARGET_WORDS,
  UNREMOVABLE_WORDS,
} from '../words.ts';
import type { Fact, FactOf } from './fact.ts';

const MOST_NAMES = 4;

export interface FactWords {
  /** In a word or two. */
  readonly about: string;
  readonly text: string;
}

export function wordsOf(fact: Fact): FactWords {
  switch (fact.kind) {
    case 'target':
      return { about: 'target', text: `${moveWords(fact)}: ${TARGET_WORDS[fact.reason]} [${fact.reason}]` };
    case 'capacity': {
      const { fulfilledUnits, usableUnits, leavingUnits } = fact;
      return { about: 'capacity', text: `fulfilled ${fulfilledUnits}, usable ${usableUnits}, leaving ${leavingUnits}` };
    }
    case 'short':
      return { about: 'short', text: shortWords(fact) };
    case 'waiting':
      return { about: 'waiting', text: `${tasksOf(fact.tasks)} of ${fact.shape} (${listed(fact.users, MOST_NAMES)})` };
    case 'misfit': {
      const { shape, users } = fact;
      return { about: 'waiting', text: `${shape} (${listed(users, MOST_NAMES)}) fits no instance type of the fleet` };
    }
    case 'scale-in':
      return { about: 'scale-in', text: scaleInWords(fact) };
    case 'action': {
      const words = describeAction(fact.action);
      if (fact.held === null) return { about: 'action', text: words };
      return { about: 'held back', text: `${words} [${fact.held}]` };
    }
    case 'hold':
      return { about: 'held', text: whatHolds(fact) };
    case 'freeze':
      return { about: 'frozen', text: `nothing shrinks: ${FREEZE_WORDS[fact.reason]} [${fact.reason}]` };
    case 'conflict': {
      const { conflict } = fact;
      const words = `${CONFLICT_WORDS[conflict.kind]} [${conflict.kind}]: ${evidenceWords(conflict)}`;
      return { about: 'conflict', text: words };
    }
    case 'failure':
      return { about: 'failed', text: `not all that was planned could be done: ${fact.why}` };
    case 'gap':
      return { about: 'not seen', text: `${PART_WORDS[fact.part]}: ${fact.why}` };
    case 'set-aside': {
      const { kind, subject, reason, detail } = fact.aside;
      return { about: 'set aside', text: `${kind} ${subject}: ${SET_ASIDE_WORDS[reason]}: ${detail}` };
    }
    case 'standing':
      return { about: 'stands', text: `${fact.standing}: ${STANDING_WORDS[fact.standing]}` };
    case 'moved':
      return { about: 'instance', text: `${fact.instanceId}: ${movedWords(fact)}` };
    case 'chosen':
      return { about: 'chosen', text: `to leave: ${RETIREMENT_WORDS[fact.reason]} [${fact.reason}]` };
    case 'stays':
      return { about: 'stays', text: staysWords(fact) };
    case 'missed':
      return { about: 'record', text: `${fact.passes} ${fact.passes === 1 ? 'pass is' : 'passes are'} not recorded` };
    case 'unrecorded':
      return { about: 'record', text: 'nothing: no controller led, or one that recorded elsewhere' };
    default:
      return fact satisfies never;
  }
}

/** With the words of whoever holds. */
function whatHolds({ reason, stop, pause }: FactOf<'hold'>): string {
  const words = `${holdWords(reason, stop)} [${reason}]`;
  if (reason === 'stopped') return stop === null || stop.text === '' ? words : `${words}: ${stop.text}`;
  if (pause === null || (reason !== 'paused' && reason !== 'shrinking-paused' && reason !== 'pause-unreadable'))
    return words;
  return `${words}: ${pause.of === 'unreadable' ? pause.text : pauseWords(pause)}`;
}

/** `launching -> serving`; also of several instances that move alike. */
export function movedWords({ before, standing }: Pick<FactOf<'moved'>, 'before' | 'standing'>): string {
  return `${before ?? 'new'} -> ${standing ?? 'not there any more'}`;
}

function moveWords({ fromUnits, toUnits }: FactOf<'target'>): string {
  return fromUnits === toUnits ? `stays at ${fromUnits} units` : `${fromUnits} -> ${toUnits} units`;
}

function shortWords({ scenario, lost, tasks, unplaced, shortUnits }: FactOf<'short'>): string {
  const name = lost === null ? scenario : `${scenario} ${lost}`;
  const units = shortUnits === 0 ? '' : `, short of ${shortUnits} ${shortUnits === 1 ? 'unit' : 'units'}`;
  const places = unplaced === 1 ? 'finds no place' : 'find no place';
  return `${SCENARIO_WORDS[scenario]} [${name}]: ${unplaced} of ${tasksOf(tasks)} ${places}${units}`;
}

function scaleInWords({ reason, victims }: FactOf<'scale-in'>): string {
  if (victims.length === 0) return `nobody leaves: ${SCALE_IN_WORDS[reason]} [${reason}]`;
  const reasons = [...new Set(victims.map((victim) => victim.reason))];
  return reasons
    .map((why) => {
      const ids = victims.filter((victim) => victim.reason === why).map(({ instanceId }) => instanceId);
      return `${listed(ids, MOST_NAMES)} to leave: ${RETIREMENT_WORDS[why]} [${why}]`;
    })
    .join('; ');
}

/** A reason of its own, or the one that holds for everybody. */
function staysWords({ reason, scaleIn }: FactOf<'stays'>): string {
  if (reason !== null) return `${UNREMOVABLE_WORDS[reason]} [${reason}]`;
  if (scaleIn === 'retire') return `others were chosen to leave [${scaleIn}]`;
  return `nobody leaves: ${SCALE_IN_WORDS[scaleIn]} [${scaleIn}]`;
}

const tasksOf = (count: number): string => `${count} ${count === 1 ? 'task' : 'tasks'}`;
