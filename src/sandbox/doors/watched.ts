// Puts a per-instance endpoint (instance metadata, the ECS agent's introspection) under the same log and the same faults
// as the AWS doors. The endpoint itself only answers.
import type { RequestListener } from 'node:http';
import type { Clock } from '../../ports/clock.ts';
import type { RealTimeDriver } from '../driver.ts';
import type { FaultEffect, Faults } from '../faults.ts';
import type { RequestLog } from '../request-log.ts';

export interface Watch {
  readonly driver: RealTimeDriver;
  readonly clock: Clock;
  readonly log: RequestLog;
  readonly faults: Faults;
}

/** The same listener, watched. @param who the service's name in the log, and the instance whose processes call it */
export function watched(
  watch: Watch,
  who: { service: string; instanceId: string },
  listener: RequestListener,
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
    answer(watch, effect, () => watch.driver.inPresent(() => listener(request, response))).then(
      (status) => {
        if (status === 'dropped') response.destroy();
        else if (status !== 'answered') response.writeHead(status).end();
      },
      (error) => response.destroy(error),
    );
  };
}

/** `answered` when the listener took over, `dropped` to cut the connection, else the status of the injected error. */
async function answer(
  watch: Watch,
  effect: FaultEffect | null,
  listen: () => void,
): Promise<'answered' | 'dropped' | number> {
  if (effect?.kind === 'drop') return 'dropped';
  if (effect?.kind === 'throttle') return 503;
  if (effect?.kind === 'error') return effect.status;
  if (effect?.kind === 'latency') await watch.clock.sleep(effect.latencyMs);
  listen();
  return 'answered';
}
