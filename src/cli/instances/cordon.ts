// `spotkeeper cordon`: no further task is to be placed on these instances. ECS knows no cordon, only DRAINING, so what is
// set is an attribute, and it holds for services whose constraints ask for it. Which do not is judged and told; an
// instance is drained in place of that only when the operator says so.
import { ATTRIBUTE, isOperatorsCordon, OPERATORS_CORDON, OPERATORS_DRAIN } from '../../model/attributes.ts';
import type { ContainerInstance } from '../../model/container-instance.ts';
import type { Service, TaskDefinition } from '../../model/service.ts';
import { type Placing, placingOn } from '../../plan/advice/placing.ts';
import type { Cluster } from '../../ports/cluster.ts';
import { MOST } from '../../ports/cluster-reads.ts';
import { Failure } from '../../ports/failure.ts';
import { inTurns } from './in-turns.ts';
import { type FailureFact, factOf, idsOf, type Outcome } from './outcome.ts';

export interface Cordoned extends Outcome {
  readonly result: 'cordoned' | 'cordoned-already' | 'draining' | 'failed';
  /** The attribute's value before; null when there was none. */
  readonly cordonedBefore: string | null;
  /** Whether it is DRAINING now: then ECS places nothing there, whatever the services ask for. */
  readonly isDraining: boolean;
  /** Services that still could place tasks there, or could if it did not drain. */
  readonly stillPlacing: readonly string[];
  /** Of these, services whose definition could not be read: they may have the constraint there. */
  readonly unreadable: readonly string[];
  /** DAEMON services: their tasks stay, and come back when they end. */
  readonly daemons: readonly string[];
}

export interface CordonReport {
  readonly instances: readonly Cordoned[];
  /** The services that are named, as far as they could be read. */
  readonly services: ReadonlyMap<string, Service>;
  /** Why it could not be seen which services still place tasks there; null when it was. */
  readonly unseen: FailureFact | null;
}

export async function cordon(
  cluster: Cluster,
  instances: readonly ContainerInstance[],
  { mayDrain }: { mayDrain: boolean },
): Promise<CordonReport> {
  // First the mark, then the questions: whatever ECS answers later, what could be kept away is kept away.
  const marked = await inTurns(instances, (instance) => mark(cluster, instance));
  const { judged, services, unseen } = await judge(cluster, instances);
  const outcomes = await inTurns(
    instances.map((instance, at) => ({ instance, marked: marked[at] ?? null, placing: judged[at] ?? NOTHING_JUDGED })),
    ({ instance, marked: failure, placing }) => outcomeOf(cluster, { instance, failure, placing, mayDrain }),
  );
  return { instances: outcomes, services, unseen };
}

/** null when it went well. An operator's own mark stays: an instance that was drained on purpose is not just cordoned. */
async function mark(cluster: Cluster, { arn, attributes }: ContainerInstance): Promise<FailureFact | null> {
  if (isOperatorsCordon(attributes[ATTRIBUTE.cordoned])) return null;
  try {
    await cluster.setAttribute(arn, ATTRIBUTE.cordoned, OPERATORS_CORDON);
    return null;
  } catch (error) {
    return factOf(error);
  }
}

interface Step {
  readonly instance: ContainerInstance;
  readonly failure: FailureFact | null;
  readonly placing: Judged;
  readonly mayDrain: boolean;
}

async function outcomeOf(cluster: Cluster, { instance, failure, placing, mayDrain }: Step): Promise<Cordoned> {
  const before = instance.attributes[ATTRIBUTE.cordoned];
  const base = {
    ...idsOf(instance),
    ...placing,
    cordonedBefore: before ?? null,
    isDraining: instance.status === 'DRAINING',
  };
  if (failure !== null) return { ...base, result: 'failed', isRefused: false, failure };
  const isOpen = placing.stillPlacing.length > 0 && !base.isDraining;
  const result = isOperatorsCordon(before) ? ('cordoned-already' as const) : ('cordoned' as const);
  if (!isOpen || !mayDrain) return { ...base, result, isRefused: isOpen, failure: null };
  try {
    await cluster.setAttribute(instance.arn, ATTRIBUTE.cordoned, OPERATORS_DRAIN);
    await cluster.drain(instance.arn);
    return { ...base, result: 'draining', isDraining: true, isRefused: false, failure: null };
  } catch (error) {
    return { ...base, result, isRefused: true, failure: factOf(error) };
  }
}

type Judged = Pick<Cordoned, 'stillPlacing' | 'unreadable' | 'daemons'>;

const NOTHING_JUDGED: Judged = { stillPlacing: [], unreadable: [], daemons: [] };

async function judge(cluster: Cluster, instances: readonly ContainerInstance[]) {
  try {
    const services = await everyService(cluster);
    const definitions = await definitionsFor(cluster, services, instances);
    const judged = instances.map((on) => {
      const named = (...wanted: readonly Placing[]) =>
        services
          .filter((service) => wanted.includes(placingOn(service, definitions.get(service.taskDefinition) ?? null, on)))
          .map(({ name }) => name)
          .sort();
      return {
        stillPlacing: named('still-places', 'unreadable'),
        unreadable: named('unreadable'),
        daemons: named('daemon'),
      };
    });
    return { judged, services: new Map(services.map((service) => [service.name, service])), unseen: null };
  } catch (error) {
    return { judged: [], services: new Map<string, Service>(), unseen: factOf(error) };
  }
}

async function everyService(cluster: Cluster): Promise<Service[]> {
  const found: Service[] = [];
  let page: string | null = null;
  do {
    const listed: Awaited<ReturnType<Cluster['listServices']>> = await cluster.listServices(page);
    for (let at = 0; at < listed.items.length; at += MOST.services) {
      found.push(...(await cluster.describeServices(listed.items.slice(at, at + MOST.services))).items);
    }
    page = listed.next;
  } while (page !== null);
  return found;
}

/** Those on which the answer depends: a service that keeps itself off needs no look at its definition. */
async function definitionsFor(
  cluster: Cluster,
  services: readonly Service[],
  instances: readonly ContainerInstance[],
): Promise<ReadonlyMap<string, TaskDefinition | null>> {
  const open = services.filter((service) => instances.some((on) => placingOn(service, null, on) === 'unreadable'));
  const arns = [...new Set(open.map(({ taskDefinition }) => taskDefinition))];
  const read = await inTurns(arns, async (arn) => {
    try {
      return await cluster.taskDefinition(arn);
    } catch (error) {
      if (error instanceof Failure && error.code === 'unreadable') return null;
      throw error;
    }
  });
  return new Map(arns.map((arn, at) => [arn, read[at] ?? null]));
}
