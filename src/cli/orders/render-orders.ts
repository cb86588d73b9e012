// What `pause` and `resume` say they did, for people.
import type { Pause, Stop, UnreadablePause } from '../../model/orders.ts';
import { wrap } from '../layout.ts';
import { pauseWords } from '../render-restraint.ts';
import type { Paused, Resumed } from './pause.ts';

/** Text ended by a line end. */
export function renderPaused({ result, pause, before, stop }: Paused, cluster: string, width: number): string {
  const lines =
    result === 'refused'
      ? [`${cluster} is paused already, and this would cut it short: ${wordsOf(pause)}`, 'spotkeeper resume ends it']
      : [
          `${cluster} is paused ${wordsOf(pause)}`,
          ...(before === null ? [] : [`in place of the pause ${wordsOf(before)}`]),
          'in force with the next pass of the leader; spotkeeper resume ends it sooner',
        ];
  return page([...lines, ...stopLines(stop)], width);
}

/** Text ended by a line end. */
export function renderResumed({ result, before, stop }: Resumed, cluster: string, width: number): string {
  const line =
    result === 'not-paused' || before === null
      ? `${cluster} was not paused`
      : `${cluster} is no longer paused; the pause was ${wordsOf(before)}`;
  return page([line, ...stopLines(stop)], width);
}

function wordsOf(pause: Pause | UnreadablePause): string {
  return pause.of === 'unreadable' ? `until nobody knows when: "${pause.text}"` : pauseWords(pause);
}

function stopLines(stop: Stop | null): string[] {
  if (stop === null) return [];
  const said = stop.text === '' ? '' : ` (${stop.text})`;
  return [`the kill switch is on${said}: nothing is done until the tag ${stop.key} of the cluster is removed`];
}

function page(lines: readonly string[], width: number): string {
  return `${lines.map((line) => wrap(line, width, 2)).join('\n')}\n`;
}
