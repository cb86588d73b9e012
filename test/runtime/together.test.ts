import { describe, expect, it } from 'vitest';
import { together } from '../../src/runtime/together.ts';

const untilAborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve());
  });

describe('pieces of work together', () => {
  it('are over when all are done', async () => {
    const done: string[] = [];
    const piece = (name: string) => async () => {
      done.push(name);
    };
    await together(new AbortController().signal, [piece('a'), piece('b')]);
    expect(done).toEqual(['a', 'b']);
  });

  it('end when the first one fails, and give its error once all are over', async () => {
    const bug = new Error('bug');
    let isOtherOver = false;
    const work = together(new AbortController().signal, [
      async () => {
        throw bug;
      },
      async (signal) => {
        await untilAborted(signal);
        isOtherOver = true;
        throw new Error('an error on the way out');
      },
    ]);
    await expect(work).rejects.toBe(bug);
    expect(isOtherOver).toBe(true);
  });

  it('end when the signal aborts', async () => {
    const controller = new AbortController();
    const work = together(controller.signal, [untilAborted, untilAborted]);
    controller.abort();
    await expect(work).resolves.toBeUndefined();
  });
});
