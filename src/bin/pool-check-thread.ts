// Composition root of the thread in which the controller checks the loss of every pool.
import { type PoolCheck, poolsAtRisk } from '../plan/capacity/pool-check.ts';
import { answerInWorker } from '../runtime/worker-check.ts';

answerInWorker<PoolCheck, string[]>(poolsAtRisk);
