// What `spotkeeper status` says of cordon and readiness: who does not ask for them, and whom they concern. A line each,
// however large the cluster.
import { PLACEMENT_CONSTRAINT } from '../model/attributes.ts';
import type { Guard } from '../plan/advice/guard.ts';
import { listed, section } from './layout.ts';

const MOST = 5;

/** Empty when every service asks and there is nothing to tell. */
export function renderGuard(guard: Guard, cluster: string, width: number): string {
  const { withoutCordon, withoutReady, notReady, silent, cordoned } = guard;
  const named = (what: string, names: readonly string[]) =>
    names.length === 0 ? [] : [`${what}: ${names.length} (${listed(names, MOST)})`];
  const lines = [
    ...serviceLines(guard),
    ...(withoutCordon.length + withoutReady.length === 0 ? [] : [fixWords(cluster)]),
    ...named(
      'cordoned',
      cordoned.map(({ instanceId, by }) => `${instanceId} by ${by === '' ? 'somebody' : by}`),
    ),
    ...named('not ready', notReady),
    ...named('no agent has ever said whether they are ready', silent),
  ];
  return section('Cordon and readiness', lines, width);
}

function serviceLines({ serviceCount, withoutCordon, withoutReady }: Guard): string[] {
  const line = (names: readonly string[], where: string) =>
    names.length === 0
      ? []
      : [`${names.length} of ${serviceCount} services place tasks ${where}: ${listed(names, MOST)}`];
  if (withoutCordon.join() === withoutReady.join()) {
    return line(withoutCordon, 'on instances that are cordoned or not ready');
  }
  return [...line(withoutCordon, 'on cordoned instances'), ...line(withoutReady, 'on instances that are not ready')];
}

function fixWords(cluster: string): string {
  return `fix, beside the constraints a service has: aws ecs update-service --cluster ${cluster} --service NAME --placement-constraints 'type=memberOf,expression=${PLACEMENT_CONSTRAINT}'`;
}
