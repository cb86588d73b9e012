import { describe, expect, it } from 'vitest';
import { createWorkerCheck } from '../../src/runtime/worker-check.ts';

/**
 * A thread that doubles numbers, ends at 13 without an answer, throws at 14, ends at 15 once it has answered, and never
 * ends with 16.
 */
const DOUBLING = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort } from 'node:worker_threads';
    parentPort.on('message', (work) => {
      if (work === 13) process.exit(3);
      if (work === 14) throw new Error('fourteen');
      if (work === 16) for (;;);
      parentPort.postMessage(work * 2);
      if (work === 15) process.exit(0);
    });
  `)}`,
);

async function withCheck(use: (run: (work: number) => Promise<number>) => Promise<void>): Promise<void> {
  const check = createWorkerCheck<number, number>('doubling', DOUBLING);
  try {
    await use(check.run);
  } finally {
    await check.close();
  }
}

describe('work in a thread of its own', () => {
  it('is answered, piece after piece', async () => {
    await withCheck(async (run) => {
      expect([await run(1), await run(2), await run(3)]).toEqual([2, 4, 6]);
    });
  });

  it.each([13, 14])(
    'fails as unavailable when the thread dies of it, and is answered by a new thread then',
    async (deadly) => {
      await withCheck(async (run) => {
        const failure = { code: 'unavailable', message: 'doubling in a thread of its own' };
        await expect(run(deadly)).rejects.toMatchObject(failure);
        expect(await run(1)).toBe(2);
      });
    },
  );

  it('is answered also where the thread has died since the piece before', async () => {
    await withCheck(async (run) => {
      expect(await run(15)).toBe(30);
      await expect.poll(() => run(1).catch(() => null)).toBe(2);
    });
  });

  it('fails as unavailable when it is closed in the middle of it, however busy the thread is', async () => {
    const check = createWorkerCheck<number, number>('doubling', DOUBLING);
    const failed = expect(check.run(16)).rejects.toMatchObject({ code: 'unavailable' });
    await check.close();
    await failed;
  });

  it('fails as unavailable where no thread can be started', async () => {
    const check = createWorkerCheck<number, number>('doubling', new URL('https://example.com/thread.js'));
    await expect(check.run(1)).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('that cannot be handed over fails as unavailable, and the next piece is answered', async () => {
    const check = createWorkerCheck<unknown, number>('doubling', DOUBLING);
    await expect(check.run(() => 1)).rejects.toMatchObject({ code: 'unavailable' });
    expect(await check.run(1)).toBe(2);
    await check.close();
  });

  it('can be closed before anything was asked', async () => {
    await expect(createWorkerCheck<number, number>('doubling', DOUBLING).close()).resolves.toBeUndefined();
  });
});
