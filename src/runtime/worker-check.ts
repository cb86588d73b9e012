// A FullCheck in a thread of its own, which is started when it is first needed and again after it has died.
import { parentPort, Worker } from 'node:worker_threads';
import { Failure } from '../ports/failure.ts';
import type { FullCheck } from '../ports/full-check.ts';

/** @param entry the bundled file of the thread, which calls `answerInWorker` */
export function createWorkerCheck<Work, Answer>(entry: URL): FullCheck<Work, Answer> {
  let worker: Worker | null = null;
  const end = async () => {
    const ending = worker;
    worker = null;
    await ending?.terminate();
  };
  return {
    async run(work) {
      worker ??= start(entry);
      const asked = worker;
      try {
        return await new Promise<Answer>((resolve, reject) => {
          asked.once('message', resolve);
          asked.once('error', reject);
          asked.once('exit', (code) => reject(new Error(`the thread ended with ${code}`)));
          asked.postMessage(work);
        });
      } catch (cause) {
        if (worker === asked) await end();
        throw new Failure('unavailable', 'checking the loss of every pool in a thread of its own', { cause });
      } finally {
        asked.removeAllListeners();
      }
    },
    close: end,
  };
}

/** The other end: answers each piece of work. Called once, in the thread. */
export function answerInWorker<Work, Answer>(answer: (work: Work) => Answer): void {
  parentPort?.on('message', (work: Work) => parentPort?.postMessage(answer(work)));
}

function start(entry: URL): Worker {
  const worker = new Worker(entry);
  // It must not keep a process alive that has nothing else to do.
  worker.unref();
  return worker;
}
