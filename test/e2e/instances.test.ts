// `spotkeeper cordon`, `uncordon` and `drain`, the bundled command against the sandbox: what it does to real tasks of real
// services, and what is said when it cannot.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PLACEMENT_CONSTRAINT } from '../../src/model/attributes.ts';
import type { EcsContainerInstance } from '../../src/world/ecs/container-instance.ts';
import { memberOf } from '../../src/world/ecs/placement-constraint.ts';
import { type Finished, runCommand, startCommand } from '../support/run-command.ts';
import { type SmallCloud, startSmallCloud } from '../support/small-cloud.ts';
import { until } from '../support/until.ts';

let cloud: SmallCloud;
beforeEach(async () => {
  cloud = await startSmallCloud();
});
afterEach(() => cloud.close());

const at = ['--cluster', 'small'];
const run = (...args: readonly string[]): Promise<Finished> =>
  runCommand([...args, ...at], cloud.sandbox.environmentFor('operator'));
const start = (...args: readonly string[]) => startCommand([...args, ...at], cloud.sandbox.environmentFor('operator'));
const present = <Result>(act: () => Result): Result => cloud.sandbox.driver.inPresent(act);

function instances(): [EcsContainerInstance, EcsContainerInstance] {
  const [first, second] = [...cloud.cluster.containerInstances.values()];
  if (first === undefined || second === undefined) throw new Error('the small cloud has two instances');
  return [first, second];
}
const cordonOf = ({ attributes }: EcsContainerInstance) => attributes.get('spotkeeper.cordoned');
const runningOn = (instance: EcsContainerInstance): number =>
  present(
    () =>
      [...cloud.cluster.tasks.values()].filter(
        (task) => task.containerInstance === instance && task.lastStatus === 'RUNNING',
      ).length,
  );

/** A service of small tasks, and all of them running. */
async function serve(name: string, desiredCount = 2): Promise<void> {
  cloud.addService(name, { cpuUnits: 128, memoryMiB: 128, desiredCount });
  const before = present(() => cloud.cluster.services.get(name));
  await until(`${name} to run`, () => before?.tally.runningCount === desiredCount);
}

function constrain(name: string): void {
  present(() => {
    const service = cloud.cluster.services.get(name);
    if (service === undefined) throw new Error(`there is no service ${name}`);
    cloud.sandbox.world.ecs.updateService(service, { placementConstraints: [memberOf(PLACEMENT_CONSTRAINT)] });
  });
}

describe('spotkeeper cordon', () => {
  it('keeps the tasks of constrained services off, and ends with 0', async () => {
    const [one, other] = instances();
    present(() => {
      for (const instance of [one, other]) instance.attributes.set('spotkeeper.ready', 'yes');
    });
    await serve('web');
    constrain('web');
    const { code, stdout, stderr } = await run('cordon', one.ec2.id);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe(`${one.ec2.id} (${one.id}): cordoned\n`);
    expect(cordonOf(one)).toBe('operator');
    const before = runningOn(one);
    present(() => {
      const service = cloud.cluster.services.get('web');
      if (service !== undefined) cloud.sandbox.world.ecs.updateService(service, { desiredCount: 8 });
    });
    await until('web to grow on the other instance', () => runningOn(other) === 8 - before);
    expect([runningOn(one), one.status]).toEqual([before, 'ACTIVE']);
  });

  it('names the services that would still place tasks there, says what to add, and ends with 3', async () => {
    const [one] = instances();
    await serve('web');
    const { code, stdout } = await run('cordon', one.id);
    expect(code).toBe(3);
    expect(stdout).toContain('would still place tasks on it: web');
    expect(stdout).toContain(PLACEMENT_CONSTRAINT);
    expect(stdout).toContain(
      `aws ecs update-service --region us-east-1 --cluster small --service web --placement-constraints '[{"type":"memberOf","expression":"${PLACEMENT_CONSTRAINT}"}]'`,
    );
    expect(stdout).toContain('--or-drain');
    expect([cordonOf(one), one.status]).toEqual(['operator', 'ACTIVE']);
  });

  it('sets DRAINING in place of that only when told to, and uncordon takes it back', async () => {
    const [one] = instances();
    await serve('web');
    const { code, stdout } = await run('cordon', one.ec2.id, '--or-drain', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      cluster: 'small',
      constraint: PLACEMENT_CONSTRAINT,
      instances: [{ instanceId: one.ec2.id, result: 'draining', isDraining: true, stillPlacing: ['web'] }],
      fixes: [{ service: 'web' }],
    });
    expect([cordonOf(one), one.status]).toEqual(['operator-drain', 'DRAINING']);
    const back = await run('uncordon', one.ec2.id);
    expect([back.code, back.stdout]).toEqual([0, `${one.ec2.id} (${one.id}): uncordoned, and ACTIVE again\n`]);
    expect([cordonOf(one), one.status]).toEqual([undefined, 'ACTIVE']);
  });

  it('says that daemons are exempt', async () => {
    const [one] = instances();
    const definition = cloud.addService('web', { cpuUnits: 128, memoryMiB: 128, desiredCount: 0 });
    constrain('web');
    present(() =>
      cloud.sandbox.world.ecs.createService(cloud.cluster, { name: 'logs', definition, schedulingStrategy: 'DAEMON' }),
    );
    const { code, stdout } = await run('cordon', one.ec2.id);
    expect(code).toBe(0);
    expect(stdout).toContain('exempt, because a DAEMON service runs on every instance: logs');
  });

  it('sets the attribute also when nobody can say which services keep off', async () => {
    const [one] = instances();
    cloud.sandbox.faults.add({
      service: 'ecs',
      action: 'ListServices',
      effect: { kind: 'error', code: 'AccessDeniedException', status: 400, message: 'not authorized' },
    });
    const { code, stdout } = await run('cordon', one.ec2.id, '--or-drain');
    expect(code).toBe(2);
    expect(stdout).toContain('which services would still place tasks on it could not be seen: listing services');
    expect([cordonOf(one), one.status]).toEqual(['operator', 'ACTIVE']);
  });
});

describe('spotkeeper uncordon', () => {
  it('lifts a cordon, and says so when there is none', async () => {
    const [one, other] = instances();
    await run('cordon', one.ec2.id);
    const { code, stdout } = await run('uncordon', one.ec2.id, other.ec2.id);
    expect(code).toBe(0);
    expect(stdout).toBe(`${one.ec2.id} (${one.id}): uncordoned\n${other.ec2.id} (${other.id}): was not cordoned\n`);
    expect(cordonOf(one)).toBeUndefined();
  });

  it.each([
    ['has an interruption notice', 'spotkeeper.notice', 'interruption@2099-01-01T00:00:00Z', 'a notice that it ends'],
    ['retires', 'spotkeeper.retiring', 'excess', 'the controller has chosen it'],
  ])('refuses with 3 an instance that %s', async (_name, name, value, expected) => {
    const [one] = instances();
    present(() => {
      one.attributes.set(name, value).set('spotkeeper.cordoned', 'operator-drain');
      cloud.sandbox.world.ecs.setStatus(one, 'DRAINING');
    });
    const { code, stdout } = await run('uncordon', one.ec2.id);
    expect(code).toBe(3);
    expect(stdout).toContain(expected);
    expect([cordonOf(one), one.status]).toEqual(['operator-drain', 'DRAINING']);
  });

  it('leaves the drain of somebody else on, with 3', async () => {
    const [one] = instances();
    present(() => cloud.sandbox.world.ecs.setStatus(one, 'DRAINING'));
    await run('drain', one.ec2.id);
    expect(cordonOf(one)).toBe('operator-hold');
    const { code, stdout } = await run('uncordon', one.ec2.id);
    expect(code).toBe(3);
    expect(stdout.replace(/\s+/g, ' ')).toContain('its cordon is lifted; it stays DRAINING');
    expect([cordonOf(one), one.status]).toEqual([undefined, 'DRAINING']);
  });
});

describe('spotkeeper drain', () => {
  it('waits until every task has stopped, telling how far it is', async () => {
    await serve('web', 4);
    const [one] = instances();
    const { code, stdout, stderr } = await run('drain', one.ec2.id, '--wait', '--timeout', '60');
    expect(code).toBe(0);
    expect(stdout).toMatch(/DRAINING, \d+ tasks? on it\ndrained\n$/);
    expect(stderr).toMatch(/^spotkeeper: \d+ tasks? left on 1 instance$/m);
    expect([cordonOf(one), one.status, runningOn(one)]).toEqual(['operator-drain', 'DRAINING', 0]);
  });

  it('is the same when it is asked for again', async () => {
    const [one] = instances();
    await run('drain', one.ec2.id);
    const { code, stdout } = await run('drain', one.ec2.id);
    expect([code, stdout]).toEqual([0, `${one.ec2.id} (${one.id}): was DRAINING already, 0 tasks on it\n`]);
    expect(cordonOf(one)).toBe('operator-drain');
  });

  it('names standalone tasks and services that cannot drain; gives up with 4, and the drain goes on', async () => {
    const definition = cloud.addService('stuck', { cpuUnits: 128, memoryMiB: 128, desiredCount: 2 });
    present(() => {
      const stuck = cloud.cluster.services.get('stuck');
      if (stuck !== undefined) {
        cloud.sandbox.world.ecs.updateService(stuck, { bounds: { minimumHealthyPercent: 100, maximumPercent: 100 } });
      }
    });
    const [one, other] = instances();
    await until('a task of stuck on both', () => runningOn(one) + runningOn(other) === 2);
    const host = runningOn(one) > 0 ? one : other;
    present(() =>
      cloud.sandbox.world.ecs.startTask(cloud.cluster, {
        definition,
        containerInstances: [host.id],
        group: 'family:stuck',
      }),
    );
    await until('the standalone task to run', () => runningOn(one) + runningOn(other) === 3);
    const { code, stdout, stderr } = await run('drain', host.ec2.id, '--wait', '--timeout', '1');
    expect(code).toBe(4);
    expect(stdout).toMatch(/standalone, and ECS never stops them: [0-9a-f]{32} \(family:stuck\)/);
    expect(stdout).toContain('stuck cannot drain: of 2 tasks, a minimum of 100 % and a maximum of 100 %');
    expect(stderr).toContain('the time to wait is over: the drain goes on');
    expect(host.status).toBe('DRAINING');
  });

  it('ends with 130 on Ctrl-C, and leaves the drain on', async () => {
    const [one] = instances();
    const definition = cloud.addService('job', { cpuUnits: 128, memoryMiB: 128, desiredCount: 0 });
    present(() =>
      cloud.sandbox.world.ecs.startTask(cloud.cluster, {
        definition,
        containerInstances: [one.id],
        group: 'family:job',
      }),
    );
    const command = start('drain', one.ec2.id, '--wait');
    await command.saying('1 task left on 1 instance');
    command.kill('SIGINT');
    const { code, stderr } = await command.finished;
    expect(code).toBe(130);
    expect(stderr).toContain('not waiting any longer: the drain goes on');
    expect(one.status).toBe('DRAINING');
  });

  it('drains the others when one fails, and says which', async () => {
    const [one, other] = instances();
    cloud.sandbox.faults.add({
      service: 'ecs',
      action: 'UpdateContainerInstancesState',
      count: 1,
      effect: { kind: 'error', code: 'ClientException', status: 400, message: 'not now' },
    });
    const { code, stdout } = await run('drain', one.ec2.id, other.ec2.id, '--json');
    expect(code).toBe(1);
    const results = JSON.parse(stdout).instances.map(({ result }: { result: string }) => result);
    expect(results.sort()).toEqual(['draining', 'failed']);
    expect([one.status, other.status].sort()).toEqual(['ACTIVE', 'DRAINING']);
  });
});

describe('an instance that is named wrong', () => {
  it.each([
    ['is not there', 'i-00000000000000000', 'no container instance of cluster small is called i-00000000000000000'],
    ['is of another cluster', 'arn:aws:ecs:us-east-1:1:container-instance/big/1', 'is of cluster big, not of small'],
    ['could be anybody', 'i-', 'i- is too short: the beginning of an id'],
  ])('ends with 2 when it %s, and nothing is changed', async (_name, name, expected) => {
    const [one] = instances();
    const { code, stdout, stderr } = await run('drain', one.ec2.id, name);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^spotkeeper: \[instance-not-found\] /);
    expect(stderr).toContain(expected);
    expect(one.status).toBe('ACTIVE');
  });

  it('is offered the one that is nearest', async () => {
    const [one] = instances();
    const slip = one.ec2.id.slice(0, -1);
    const { code } = await run('cordon', slip);
    expect([code, cordonOf(one)]).toEqual([0, 'operator']);
    const typo = `${one.ec2.id.slice(0, 8)}x${one.ec2.id.slice(9)}`;
    expect((await run('cordon', typo)).stderr).toContain(`did you mean ${one.ec2.id}?`);
  });

  it.each([
    ['a cluster that is not there', ['--cluster', 'nowhere'], {}, 'cluster-not-found'],
    ['no cluster', [], {}, 'bad-configuration'],
    ['a key that is not known', at, { AWS_ACCESS_KEY_ID: 'AKIAUNKNOWN' }, 'bad-credentials'],
  ] as const)('ends with 2 for %s', async (_name, where, env, expected) => {
    const [one] = instances();
    const { code, stderr } = await runCommand(['cordon', one.ec2.id, ...where], {
      ...cloud.sandbox.environmentFor('operator'),
      ...env,
    });
    expect(code).toBe(2);
    expect(stderr).toContain(`spotkeeper: [${expected}] `);
  });
});
