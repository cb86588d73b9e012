// Puts a per-instance endpoint (instance metadata, the ECS agent's introspection) under the same log and the same faults
// as the AWS doors. The endpoint itself only answers.
import type { IncomingMessage, RequestListener } from 'node:http';
import type { Clock } from '../../ports/clock.ts';
import type { RealTimeDriver } from '../driver.ts';
import { type FaultEffect, type Faults, isLostBefore } from '../faults.ts';
import type { RequestLog } from '../request-log.ts';
import { deliver } from './deliver.ts';
import { errorPage } from './error-page.ts';
import type { Answer } from './protocol.ts';

export interface Watch {
  readonly driver: RealTimeDriver;
  readonly clock: Clock;
  readonly log: RequestLog;
  readonly faults: Faults;
}

/** Answers one request, from its head alone. */
export type Endpoint = (request: IncomingMessage) => Answer;

/** The endpoint as a listener, watched. @param who the service's name in the log, and the instance whose processes call it */
export function watched(
  watch: Watch,
  who: { service: string; instanceId: string },
  endpoint: Endpoint,
): RequestListener {
  return (request, response) => {
    const number = watch.log.arrive();
    const at = watch.driver.now;
    const action = `${request.method} ${(request.url ?? '').split('?')[0]}`;
    const effect = watch.faults.strike({ service: who.service, action, callerName: who.instanceId });
    response.once('close', () => {
      const status = response.headersSent ? response.statusCode : 0;
      watch.log.add({
        number,
        at,
        answeredAt: watch.driver.now,
        service: who.service,
        action,
        // These endpoints ask for no key: whoever runs on the instance is the caller.
        caller: { name: who.instanceId, accessKeyId: '' },
        input: {},
        status,
        errorCode: status >= 400 ? String(status) : null,
        errorMessage: null,
        fault: effect?.kind ?? null,
      });
    });
    answer(watch, effect, () => watch.driver.inPresent(() => endpoint(request))).then(
      (given) => deliver(request, response, given, effect),
      (error) => response.destroy(error),
    );
  };
}

/** null is a lost connection. Nothing is ever changed here, so before and after are the same. */
async function answer(watch: Watch, effect: FaultEffect | null, ask: () => Answer): Promise<Answer | null> {
  if (effect?.kind === 'drop' || isLostBefore(effect)) return null;
  if (effect?.kind === 'throttle') return errorPage(503);
  if (effect?.kind === 'error') return errorPage(effect.status);
  if (effect?.kind === 'latency') await watch.clock.sleep(effect.latencyMs);
  return ask();
}
