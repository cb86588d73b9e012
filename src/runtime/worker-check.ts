// A FullCheck in a thread of its own, which is started when it is first needed and again after it has died.
import { once } from 'node:events';
import { parentPort, Worker } from 'node:worker_threads';
import { Failure } from '../ports/failure.ts';
import type { FullCheck } from '../ports/full-check.ts';

/**
 * A check that fails with `unavailable` and nothing else, whatever its thread dies of.
 *
 * @param doing what it does, for the message of its failures: `checking all of it`
 * @param entry the bundled file of the thread, which calls `answerInWorker`
 */
export function createWorkerCheck<Work, Answer>(doing: string, entry: URL): FullCheck<Work, Answer> {
  let worker: Worker | null = null;
  const end = async () => {
    const ending = worker;
    worker = null;
    await ending?.terminate();
  };
  const forget = (ended: Worker) => {
    if (worker === ended) worker = null;
  };
  return {
    async run(work) {
      let asked: Worker | null = null;
      try {
        worker ??= start(entry, forget);
        asked = worker;
        return await answerOf<Work, Answer>(asked, work);
      } catch (cause) {
        if (worker === asked) await end();
        throw new Failure('unavailable', `${doing} in a thread of its own`, { cause });
      }
    },
    close: end,
  };
}

/** Takes back its own listeners and no others: a worker has some itself, and is deaf without them. */
async function answerOf<Work, Answer>(worker: Worker, work: Work): Promise<Answer> {
  const done = new AbortController();
  const { signal } = done;
  try {
    // First, because it throws for work that cannot be copied, and then nobody would hear the listeners' end. No answer
    // can come before they listen: that takes another turn of the event loop.
    worker.postMessage(work);
    // The other end sends nothing but answers. An `error` of the thread makes both of these reject.
    const answered = once(worker, 'message', { signal }).then(([answer]) => answer as Answer);
    const ended = once(worker, 'exit', { signal }).then(([code]): never => {
      throw new Error(`the thread ended with ${code}`);
    });
    return await Promise.race([answered, ended]);
  } finally {
    done.abort();
  }
}

/** The other end: answers each piece of work. Called once, in the thread. */
export function answerInWorker<Work, Answer>(answer: (work: Work) => Answer): void {
  parentPort?.on('message', (work: Work) => parentPort?.postMessage(answer(work)));
}

function start(entry: URL, onEnd: (worker: Worker) => void): Worker {
  const worker = new Worker(entry);
  worker.once('exit', () => onEnd(worker));
  // Whoever waits for an answer hears it too; while nobody does, it is enough that the next piece starts a new thread.
  worker.on('error', () => onEnd(worker));
  // It must not keep a process alive that has nothing else to do.
  worker.unref();
  return worker;
}
