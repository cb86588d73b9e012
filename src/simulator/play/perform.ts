// Lets one happening happen.
import type { Ec2Instance } from '../../world/ec2/instance.ts';
import { isLive } from '../../world/ec2/instances.ts';
import { serviceNamed } from '../../world/ecs/cluster.ts';
import { primaryOf } from '../../world/ecs/service.ts';
import { Refusal } from '../../world/refusal.ts';
import type { SimulatedController } from '../controllers/controller.ts';
import type { Happening, HappeningOf, PoolName } from '../scenario/happening.ts';
import type { Stage } from './stage.ts';
import type { Tell } from './told.ts';

type Performers = { readonly [Kind in Happening['kind']]: (stage: Stage, happening: HappeningOf<Kind>) => string };

const MINUTE_MS = 60_000;

/** Does it, and tells it. */
export function perform(stage: Stage, happening: Happening, tell: Tell): void {
  // The performer of a kind takes the happenings of that kind, which the type of the table says and this call cannot.
  const performer = PERFORMERS[happening.kind] as (stage: Stage, happening: Happening) => string;
  tell('--', performer(stage, happening));
}

const PERFORMERS: Performers = {
  load({ world, cluster }, { service, desiredCount }) {
    world.ecs.updateService(serviceNamed(cluster, service), { desiredCount });
    return `${service} wants ${desiredCount} tasks`;
  },

  deployment({ world, cluster }, { service }) {
    world.ecs.updateService(serviceNamed(cluster, service), { forceNewDeployment: true });
    return `${service} is deployed anew`;
  },

  standalone({ world, cluster }, { service, count, runMinutes }) {
    const { definition } = primaryOf(serviceNamed(cluster, service));
    const { stopTimeout } = definition.containers[0] ?? { stopTimeout: null };
    const family = `${service}-job`;
    const job =
      world.ecs.findTaskDefinition(family) ??
      world.ecs.registerTaskDefinition({ ...definition, family, containers: [...definition.containers] });
    world.ecs.setRunTime(family, runMinutes * MINUTE_MS);
    const started = refusable(() => world.ecs.runTask(cluster, { definition: job, count }).tasks.length) ?? 0;
    return `${started} of ${count} standalone tasks of ${family} start, for ${runMinutes} min each (${stopTimeout} s to stop)`;
  },

  interruption(stage, { pool, count }) {
    const noticed = membersIn(stage, pool)
      .slice(0, count)
      .filter(({ id }) => stage.world.ec2.sendNotice(id));
    return `${nameOf(pool)}: notices for ${noticed.map(({ id }) => stage.names.of(id)).join(' ') || 'nobody'}`;
  },

  rebalance(stage, { pool, count }) {
    const told = membersIn(stage, pool).slice(0, count);
    for (const { id } of told) {
      stage.world.ec2.recommendRebalance(id);
      stage.agents.hear(id, 'rebalance');
    }
    return `${nameOf(pool)}: rebalance recommendations for ${told.map(({ id }) => stage.names.of(id)).join(' ') || 'nobody'}`;
  },

  drought({ world, time }, { pool: { instanceType, zone }, forMinutes }) {
    world.ec2.market.setAvailable(instanceType, zone, 0);
    time.after(forMinutes * MINUTE_MS, () => world.ec2.market.setAvailable(instanceType, zone, null));
    return `${nameOf({ instanceType, zone })} has nothing to give for ${forMinutes} min`;
  },

  price({ world }, { pool: { instanceType, zone }, pricePerHour }) {
    world.ec2.market.setPrice(instanceType, zone, pricePerHour);
    return `${nameOf({ instanceType, zone })} costs ${pricePerHour} an hour`;
  },

  trouble({ wire, time }, { trouble, forMinutes }) {
    time.after(forMinutes * MINUTE_MS, wire.trouble(trouble));
    return `${Math.round(trouble.share * 100)} % of calls to ${trouble.apis.join(', ')}: ${trouble.how}, for ${forMinutes} min`;
  },

  crash(stage, { controller }) {
    const { holder } = controllerAt(stage, controller);
    controllerAt(stage, controller).crash();
    return `${holder} is killed`;
  },

  pause(stage, { controller, forSeconds }) {
    controllerAt(stage, controller).pause(forSeconds * 1_000);
    return `${controllerAt(stage, controller).holder} stands still for ${forSeconds} s`;
  },

  restart(stage, { controller }) {
    controllerAt(stage, controller).restart();
    return `${controllerAt(stage, controller).holder} is told to end`;
  },

  'controller-clock'(stage, { controller, bySeconds }) {
    controllerAt(stage, controller).stepClock(bySeconds * 1_000);
    return `the clock of ${controllerAt(stage, controller).holder} is set by ${bySeconds} s`;
  },

  'host-clock'(stage, { instance, bySeconds }) {
    return onMember(stage, instance, (member, name) => {
      stage.agents.on(member.id)?.stepClock(bySeconds * 1_000);
      return `the clock of ${name} is set by ${bySeconds} s`;
    });
  },

  disconnect(stage, { instance, forMinutes }) {
    return onMember(stage, instance, (member, name) => {
      const registered = stage.world.ecs.containerInstanceOf(member.id);
      if (registered === undefined) return `${name} has no ECS agent yet`;
      stage.interfered.add(member.id);
      stage.world.ecs.setAgentConnected(registered, false);
      stage.time.after(forMinutes * MINUTE_MS, () => stage.world.ecs.setAgentConnected(registered, true));
      return `the ECS agent of ${name} is not connected for ${forMinutes} min`;
    });
  },

  'operator-target'({ fleet, world }, { units }) {
    const done = refusable(() => {
      world.ec2.modifyFleet(fleet.id, { targetUnits: units, excessCapacityTerminationPolicy: 'noTermination' });
      return true;
    });
    return `an operator sets the target to ${units}${done === null ? ', and is refused' : ''}`;
  },

  'operator-terminate'(stage, { instance }) {
    return onMember(stage, instance, (member, name) => {
      stage.interfered.add(member.id);
      stage.world.ec2.terminate([member.id]);
      return `an operator terminates ${name}`;
    });
  },

  'operator-drain'(stage, { instance, forMinutes }) {
    return onMember(stage, instance, (member, name) => {
      const registered = stage.world.ecs.containerInstanceOf(member.id);
      if (registered === undefined || registered.status !== 'ACTIVE')
        return `${name} is not ACTIVE, and stays as it is`;
      stage.world.ecs.setStatus(registered, 'DRAINING');
      stage.time.after(forMinutes * MINUTE_MS, () => {
        if (registered.status === 'DRAINING') stage.world.ecs.setStatus(registered, 'ACTIVE');
      });
      return `an operator drains ${name} for ${forMinutes} min`;
    });
  },
};

function controllerAt({ controllers }: Stage, index: number): SimulatedController {
  const found = controllers[index % controllers.length];
  if (found === undefined) throw new RangeError('the play has no controller');
  return found;
}

/** Oldest first. */
function membersIn({ fleet }: Stage, pool: PoolName): Ec2Instance[] {
  return fleet.members.filter(
    (member) => member.instanceType === pool.instanceType && member.zone === pool.zone && member.notice === null,
  );
}

function onMember(stage: Stage, index: number, act: (member: Ec2Instance, name: string) => string): string {
  const members = stage.fleet.members.filter(isLive);
  const member = members[index % members.length];
  return member === undefined ? 'nobody is left to whom it could happen' : act(member, stage.names.of(member.id));
}

function nameOf({ instanceType, zone }: PoolName): string {
  return `${instanceType} in ${zone}`;
}

/** null where AWS refuses it, as it may refuse anybody. */
function refusable<Result>(act: () => Result): Result | null {
  try {
    return act();
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}
