import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TasksBook } from '../../../src/agent/tasks/book.ts';
import { Failure } from '../../../src/ports/failure.ts';
import { aLocalTask, PaperHost, taskCalled } from '../../support/paper-host.ts';

const throttled = new Failure('throttled', 'asking ECS');
const silent = new Failure('timed-out', 'asking the ECS agent');

let host: PaperHost;
let book: TasksBook;
let life: AbortController;

beforeEach(() => {
  host = new PaperHost();
  life = new AbortController();
  book = aBook();
});
afterEach(() => life.abort());

function aBook(ownFamilies: readonly string[] = []): TasksBook {
  const { introspection, ourselves, openLoadBalancers, clock, rng, logger } = host;
  return new TasksBook({
    introspection,
    ourselves,
    openLoadBalancers,
    clock,
    rng,
    logger,
    ownFamilies,
    marginMs: 5_000,
  });
}

/** A task of `service:web` or `family:report` with a definition of its own. */
function run(id: string, group: string, family = group.split(':')[1] ?? ''): void {
  host.tasks = [...host.tasks, aLocalTask(id, family)];
  host.groups.set(id, group);
}

async function learnFor(durationMs: number): Promise<void> {
  void book.learn(life.signal);
  await host.clock.turn(durationMs);
}

const voluntary = () => ({ asksProtection: true, isDraining: false, signal: life.signal });
const forced = (isDraining = false) => ({ asksProtection: false, isDraining, signal: life.signal });
const hereNow = async () => (await book.now(forced())).tasks;

describe('what a book learns in calm times', () => {
  it('makes a notice need no call to ECS', async () => {
    host.addService({ name: 'web', targetGroups: ['blue', 'green'] });
    host.addService({ name: 'logs', schedulingStrategy: 'DAEMON' });
    host.delays.set('blue', 20_000).set('green', 40_000);
    host.stopTimeouts.set('web:1', 45_000);
    run('a', 'service:web');
    run('b', 'service:logs');
    run('c', 'family:report');
    await learnFor(10_000);
    host.calls.length = 0;
    const plain = { isStopping: false, isProtected: false };
    expect(await hereNow()).toEqual([
      { arn: taskCalled('a'), kind: 'service', stopTimeoutMs: 45_000, deregistrationMs: 40_000, ...plain },
      { arn: taskCalled('b'), kind: 'daemon', stopTimeoutMs: 30_000, deregistrationMs: 0, ...plain },
      { arn: taskCalled('c'), kind: 'standalone', stopTimeoutMs: 30_000, deregistrationMs: 0, ...plain },
    ]);
    expect(host.calls).toEqual(['tasks']);
  });

  it('is asked of ECS only after a pause that chance sets between 5 and 60 seconds', async () => {
    run('a', 'service:web');
    host.chance = 0.999;
    await learnFor(59_000);
    expect(host.calls).toEqual(['tasks']);
    await host.clock.turn(1_000);
    expect(host.calls).toContain('describeTasks');
  });

  it('is asked in one call for all tasks, and never again for the same', async () => {
    for (let id = 0; id < 80; id += 1) run(`t${id}`, 'service:web', 'web');
    host.addService({ name: 'web' });
    await learnFor(3_600_000);
    expect(host.count('describeTasks')).toBe(1);
    expect(host.count('taskDefinition')).toBe(1);
    expect(host.count('servicesNamed')).toBe(1);
    expect(host.count('deregistrationDelayMs')).toBe(0);
  });

  it('asks ECS nothing while nothing runs', async () => {
    await learnFor(3_600_000);
    expect(new Set(host.calls)).toEqual(new Set(['tasks']));
  });

  it('is looked at again when a deployment brings tasks, and its service is older than half an hour', async () => {
    host.addService({ name: 'web', targetGroups: ['blue'] });
    run('a', 'service:web');
    await learnFor(1_000_000);
    run('b', 'service:web');
    await host.clock.turn(700_000);
    expect(host.count('servicesNamed')).toBe(1);
    host.addService({ name: 'web', targetGroups: ['green'] });
    host.delays.set('green', 7_000);
    await host.clock.turn(700_000);
    run('c', 'service:web');
    await host.clock.turn(700_000);
    expect(host.count('servicesNamed')).toBe(2);
    expect((await hereNow()).map(({ deregistrationMs }) => deregistrationMs)).toEqual([7_000, 7_000, 7_000]);
  });

  it('is asked more and more rarely while ECS throttles, and said once', async () => {
    run('a', 'service:web');
    host.failures.set('describeTasks', throttled);
    await learnFor(3_600_000);
    expect(host.count('describeTasks')).toBeLessThan(15);
    expect(host.log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
    host.failures.clear();
    await host.clock.turn(1_000_000);
    expect(book.serviceOf(taskCalled('a'))).toBe('web');
  });

  it('is not asked again at once for a task that ECS does not know', async () => {
    host.tasks = [aLocalTask('a', 'web')];
    await learnFor(290_000);
    expect(host.count('describeTasks')).toBe(1);
    await host.clock.turn(100_000);
    expect(host.count('describeTasks')).toBe(2);
  });
});

describe('the stop of a service that cannot fit into two minutes', () => {
  it('is said once, with its times', async () => {
    host.addService({ name: 'web', targetGroups: ['blue'] });
    host.delays.set('blue', 300_000);
    run('a', 'service:web');
    run('b', 'service:web');
    await learnFor(3_600_000);
    const [line, ...more] = host.log.said('deregisters too slowly');
    expect(line?.fields).toEqual({
      service: 'web',
      deregistrationMs: 300_000,
      stopTimeoutMs: 30_000,
      marginMs: 5_000,
      overMs: 215_000,
    });
    expect(more).toEqual([]);
  });

  it('is said once of a stop timeout that is too long, whoever waits for it', async () => {
    book = aBook(['logs']);
    run('a', 'family:report');
    run('b', 'family:shop');
    run('c', 'family:logs');
    host.stopTimeouts.set('report:1', 600_000).set('shop:1', 90_000);
    await learnFor(1_000_000);
    // Something new to learn.
    run('d', 'family:shop');
    await host.clock.turn(1_000_000);
    expect(host.log.said('shorten').map(({ fields }) => fields)).toEqual([
      { family: 'report', deregistrationMs: 0, stopTimeoutMs: 600_000, marginMs: 5_000, overMs: 485_000 },
      { daemon: 'logs', daemonMs: 30_000, longest: 'shop', longestMs: 90_000, marginMs: 5_000, overMs: 5_000 },
    ]);
  });

  it('is not said of one that just fits', async () => {
    host.addService({ name: 'web', targetGroups: ['blue'] });
    host.delays.set('blue', 85_000);
    run('a', 'service:web');
    await learnFor(60_000);
    expect(host.log.said('deregisters too slowly')).toEqual([]);
  });
});

describe('what runs here at a notice', () => {
  it('is learned of tasks never seen, as a stop by what would be assumed cannot be taken back', async () => {
    run('a', 'family:report');
    host.stopTimeouts.set('report:1', 90_000);
    expect(await hereNow()).toMatchObject([{ kind: 'standalone', stopTimeoutMs: 90_000 }]);
  });

  it('is assumed to be as usual where ECS does not say, and learned when it does', async () => {
    run('a', 'family:report');
    host.stopTimeouts.set('report:1', 90_000);
    for (const call of ['describeTasks', 'taskDefinition'] as const) host.failures.set(call, throttled);
    expect(await hereNow()).toMatchObject([{ kind: 'service', stopTimeoutMs: 30_000, deregistrationMs: 0 }]);
    host.failures.clear();
    await host.clock.turn(2_000);
    expect(await hereNow()).toMatchObject([{ kind: 'standalone', stopTimeoutMs: 90_000 }]);
  });

  it('takes a new task for one like the last of its family', async () => {
    run('a', 'family:report');
    await learnFor(10_000);
    host.failures.set('describeTasks', throttled);
    run('b', 'family:report');
    expect((await hereNow()).map(({ kind }) => kind)).toEqual(['standalone', 'standalone']);
  });

  it('does not ask at every look while ECS throttles', async () => {
    host.failures.set('describeTasks', throttled);
    run('a', 'service:web');
    for (let look = 0; look < 60; look += 1) {
      await hereNow();
      await host.clock.turn(1_000);
    }
    expect(host.count('describeTasks')).toBeLessThan(10);
  });

  it('leaves out tasks that have ended and marks those that are stopping', async () => {
    host.tasks = [
      aLocalTask('gone', 'web', { knownStatus: 'STOPPED', desiredStatus: 'STOPPED' }),
      aLocalTask('going', 'web', { desiredStatus: 'STOPPED' }),
      aLocalTask('coming', 'web', { knownStatus: 'PENDING', desiredStatus: null }),
    ];
    expect(await hereNow()).toMatchObject([
      { arn: taskCalled('going'), isStopping: true },
      { arn: taskCalled('coming'), isStopping: false },
    ]);
  });

  it('counts families that the agent starts itself as daemons, and asks nobody whose they are', async () => {
    book = aBook(['logs']);
    run('a', 'family:logs');
    expect(await hereNow()).toMatchObject([{ kind: 'daemon' }]);
    await host.clock.turn(1_000);
    expect(host.count('describeTasks')).toBe(0);
  });

  it('is listed by ECS when the ECS agent does not answer', async () => {
    host.addService({ name: 'web' });
    run('a', 'family:report');
    host.failures.set('tasks', silent);
    expect(await hereNow()).toMatchObject([{ arn: taskCalled('a'), kind: 'standalone' }]);
  });

  it('is what it was when nobody can list, and not complete', async () => {
    run('a', 'family:report');
    await book.now(forced(true));
    await host.clock.turn(5_000);
    host.failures.set('tasks', silent).set('tasksOn', throttled);
    expect(await book.now(forced(true))).toMatchObject({ tasks: [{ arn: taskCalled('a') }], isComplete: false });
    host.failures.clear();
    expect(await book.now(forced(true))).toMatchObject({ isComplete: true });
  });

  it('is complete only when ECS has been DRAINING it for some seconds', async () => {
    expect((await book.now(forced(true))).isComplete).toBe(false);
    await host.clock.turn(3_000);
    expect((await book.now(forced(true))).isComplete).toBe(true);
    expect((await book.now(forced(false))).isComplete).toBe(false);
    expect((await book.now(forced(true))).isComplete).toBe(false);
  });
});

describe('task protection', () => {
  beforeEach(() => {
    host.addService({ name: 'web' });
    run('a', 'service:web');
    run('b', 'service:web');
    host.protectedIds.add('b');
  });

  it('is asked only for a voluntary response, and remembered for a quarter of a minute', async () => {
    const isProtected = async () => (await book.now(voluntary())).tasks.map((task) => task.isProtected);
    await hereNow();
    expect(host.count('protectedTasks')).toBe(0);
    expect(await isProtected()).toEqual([false, true]);
    host.protectedIds.clear();
    await host.clock.turn(14_000);
    expect(await isProtected()).toEqual([false, true]);
    expect(host.count('protectedTasks')).toBe(1);
    await host.clock.turn(1_000);
    expect(await isProtected()).toEqual([false, false]);
  });

  it('counts as given while it cannot be read, but not for a standalone task', async () => {
    run('c', 'family:report');
    await learnFor(10_000);
    host.failures.set('protectedTasks', throttled);
    expect((await book.now(voluntary())).tasks.map((task) => task.isProtected)).toEqual([true, true, false]);
    await book.now(voluntary());
    expect(host.count('protectedTasks')).toBe(1);
  });
});

describe('a bug in what is learned', () => {
  it('is thrown to whoever asks', async () => {
    run('a', 'service:web');
    host.failures.set('describeTasks', new Failure('invariant-broken', 'a bug'));
    await expect(hereNow()).rejects.toThrow('a bug');
  });
});
