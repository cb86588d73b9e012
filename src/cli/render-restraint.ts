// What keeps the controller from doing what it plans, for people: high on every page, because a cluster that is held looks
// like a calm one.
import { formatInstant } from '../model/instant.ts';
import { ORDER_TAG, type Pause, type Stop } from '../model/orders.ts';
import type { PlanReport } from '../plan/report.ts';
import type { HoldReason } from '../plan/restraint.ts';
import { wrap } from './layout.ts';
import { FREEZE_WORDS, HOLD_WORDS } from './words.ts';

const LABEL = 10;

/** Empty when nothing holds. */
export function renderRestraint({ restraint }: Pick<PlanReport, 'restraint'>, width: number): string {
  const { frozen, holds, held } = restraint;
  const lines = [
    ...holds.flatMap((hold) => (hold === 'frozen' ? [] : [holdLine(hold, restraint)])),
    ...frozen.map((reason) => `FROZEN    nothing shrinks: ${FREEZE_WORDS[reason]} [${reason}]`),
    ...(held.length === 0 ? [] : [`Held back ${held.length === 1 ? '1 action' : `${held.length} actions`}`]),
  ];
  return lines.map((line) => wrap(line, width, LABEL)).join('\n');
}

function holdLine(hold: Exclude<HoldReason, 'frozen'>, { stop, pause }: PlanReport['restraint']): string {
  const words = `${holdWords(hold, stop)} [${hold}]`;
  switch (hold) {
    case 'stopped':
      return `STOPPED   ${words}${stop === null || stop.text === '' ? '' : `: ${stop.text}`}`;
    case 'orders-unknown':
      return `STOPPED   ${words}`;
    case 'pause-unreadable':
      return `PAUSED    ${words}: ${pause?.of === 'unreadable' ? pause.text : ''}`;
    case 'paused':
    case 'shrinking-paused':
      return `PAUSED    ${pause === null || pause.of === 'unreadable' ? '' : pauseWords(pause)} [${hold}]`;
    case 'observe':
    case 'recommend':
    case 'scale-out-only':
      return `Mode      ${words}`;
    default:
      return hold satisfies never;
  }
}

/** The kill switch by the key that is on the cluster, however it is put: AWS removes no other. */
export function holdWords(hold: HoldReason, stop: Stop | null): string {
  return stop === null || hold !== 'stopped' ? HOLD_WORDS[hold] : HOLD_WORDS.stopped.replace(ORDER_TAG.stop, stop.key);
}

/** `until 2026-11-21T13:00:00Z by alice: load test; nothing is done` */
export function pauseWords({ of, until, by, reason }: Pause): string {
  const who = by === '' ? '' : ` by ${by}`;
  const why = reason === '' ? '' : `: ${reason}`;
  return `until ${formatInstant(until)}${who}${why}; ${of === 'shrinking' ? 'nothing that shrinks' : 'nothing'} is done`;
}
