// Tells the story while it is played: a line for each thing that happens, and on a terminal a last line that says what
// is being waited for and is written over by the next one.
import type { Narrator } from '../sandbox/story/narrator.ts';
import type { Paint } from './paint.ts';
import type { Writer } from './writer.ts';

export interface NarrationStyle {
  readonly paint: Paint;
  /** Whether a line can be taken back. */
  readonly isTerminal: boolean;
}

/** Back to the first column, and away with what stood there. */
const CLEAR_LINE = '\r\u001b[2K';

export function createNarrator(out: Writer, { paint, isTerminal }: NarrationStyle): Narrator {
  let waitingFor: string | null = null;
  const line = (text: string) => {
    out.write(`${isTerminal ? CLEAR_LINE : ''}${text}\n`);
    showWaiting();
  };
  const showWaiting = () => {
    if (isTerminal && waitingFor !== null)
      out.write(`${CLEAR_LINE}${paint.dim(`          ... waiting for ${waitingFor}`)}`);
  };
  return {
    tell(event, elapsedMs) {
      switch (event.kind) {
        case 'opening':
          for (const text of event.lines) line(text);
          return;
        case 'act':
          line('');
          line(paint.bold(`Act ${event.number}: ${event.title}`));
          return;
        case 'note':
          line(`${paint.dim(instant(elapsedMs))}  ${event.text}`);
          return;
        case 'waiting':
          waitingFor = event.text;
          if (event.text === null && isTerminal) out.write(CLEAR_LINE);
          else showWaiting();
          return;
        default:
          event satisfies never;
      }
    },
  };
}

function instant(elapsedMs: number): string {
  return `${(elapsedMs / 1000).toFixed(1).padStart(6)} s`;
}
