import { describe, expect, it } from 'vitest';
import { createWorkerCheck } from '../../src/runtime/worker-check.ts';

/** A thread that doubles numbers, ends at 13 without an answer, throws at 14, and ends at 15 once it has answered. */
const DOUBLING = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort } from 'node:worker_threads';
    parentPort.on('message', (work) => {
      if (work === 13) process.exit(3);
      if (work === 14) throw new Error('fourteen');
      parentPort.postMessage(work * 2);
      if (work === 15) process.exit(0);
    });
  `)}`,
);

async function withCheck(use: (run: (work: number) => Promise<number>) => Promise<void>): Promise<void> {
  const check = createWorkerCheck<number, number>(DOUBLING);
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
        await expect(run(deadly)).rejects.toMatchObject({ code: 'unavailable' });
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

  it('can be closed before anything was asked', async () => {
    await expect(createWorkerCheck<number, number>(DOUBLING).close()).resolves.toBeUndefined();
  });
});
