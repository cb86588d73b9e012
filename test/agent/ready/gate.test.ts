import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ReadinessGate, type RequiredDaemons } from '../../../src/agent/ready/gate.ts';
import { containerInstanceArn, type TaskArn } from '../../../src/model/ids.ts';
import { Failure } from '../../../src/ports/failure.ts';
import { aLocalTask, PaperHost } from '../../support/paper-host.ts';

let host: PaperHost;
let life: AbortController;
let isHeld: boolean;
/** What the book has learned. */
let owners: Map<TaskArn, string | null>;

beforeEach(() => {
  host = new PaperHost();
  life = new AbortController();
  isHeld = false;
  owners = new Map();
});
afterEach(() => life.abort());

function keepGate(required: Partial<RequiredDaemons> = {}): ReadinessGate {
  const { introspection, ourselves, clock, rng, logger } = host;
  const gate = new ReadinessGate({
    required: { services: [], families: [], ...required },
    introspection,
    ourselves,
    serviceOf: (arn) => owners.get(arn),
    isHeld: () => isHeld,
    clock,
    rng,
    logger,
  });
  void gate.keep(life.signal);
  return gate;
}

function aDaemonService(name: string, family = name): void {
  host.addService({ name, schedulingStrategy: 'DAEMON' }, family);
}

const NO = 'first spotkeeper.ready=no';
const YES = 'first spotkeeper.ready=yes';

describe('an instance of which nothing is required', () => {
  it('is ready as soon as it is watched, which is written once', async () => {
    const gate = keepGate();
    await host.clock.turn(3_600_000);
    expect(host.written).toEqual([YES]);
    expect(gate.readiness).toEqual({ isReady: true, missing: [] });
    expect(host.count('tasks')).toBe(0);
  });

  it('is marked again when it has registered as another', async () => {
    keepGate();
    await host.clock.turn(120_000);
    host.arn = containerInstanceArn(host.arn.replace('first', 'second'));
    await host.clock.turn(60_000);
    expect(host.written).toEqual([YES, 'second spotkeeper.ready=yes']);
  });

  it('is marked in the end when ECS fails at first, which is said once', async () => {
    host.failures.set('setAttribute', new Failure('throttled', 'setting the attribute'));
    keepGate();
    await host.clock.turn(300_000);
    expect(host.log.said('cannot be written')).toHaveLength(1);
    expect(host.count('setAttribute')).toBeLessThan(20);
    host.failures.clear();
    await host.clock.turn(60_000);
    expect(host.written).toEqual([YES]);
  });

  it.each([
    ['a missing permission as an error', 'access-denied', 'error'],
    ['what passes by itself as a warning', 'throttled', 'warn'],
  ] as const)('names %s', async (_what, code, level) => {
    host.failures.set('setAttribute', new Failure(code, 'setting the attribute'));
    keepGate();
    await host.clock.turn(60_000);
    expect(host.log.said('cannot be written')).toMatchObject([{ level }]);
  });
});

describe('an instance that requires a daemon service', () => {
  it('is not ready until a task of its family runs, and not ready again within seconds of its end', async () => {
    aDaemonService('logs', 'log-router');
    const gate = keepGate({ services: ['logs'] });
    await host.clock.turn(1_000);
    expect(gate.readiness).toEqual({ isReady: false, missing: ['logs'] });
    host.tasks = [aLocalTask('a', 'log-router', { knownStatus: 'PENDING' })];
    await host.clock.turn(2_000);
    expect(host.written).toEqual([NO]);
    host.tasks = [aLocalTask('a', 'log-router')];
    await host.clock.turn(1_000);
    expect(host.written).toEqual([NO, YES]);
    host.tasks = [aLocalTask('a', 'log-router', { desiredStatus: 'STOPPED' })];
    await host.clock.turn(5_000);
    expect(host.written).toEqual([NO, YES, NO]);
  });

  it('is ready by what the book knows, whatever the family', async () => {
    aDaemonService('logs', 'log-router');
    const [mine, other] = [aLocalTask('a', 'log-router'), aLocalTask('b', 'renamed')];
    owners.set(mine.arn, null);
    host.tasks = [mine];
    keepGate({ services: ['logs'] });
    await host.clock.turn(1_000);
    expect(host.written).toEqual([NO]);
    owners.set(other.arn, 'logs');
    host.tasks = [mine, other];
    await host.clock.turn(1_000);
    expect(host.written).toEqual([NO, YES]);
  });

  it('asks ECS for its family once, and again only while it is missing for minutes', async () => {
    aDaemonService('logs');
    keepGate({ services: ['logs'] });
    await host.clock.turn(299_000);
    expect(host.count('servicesNamed')).toBe(1);
    host.tasks = [aLocalTask('a', 'logs')];
    await host.clock.turn(3_600_000);
    expect(host.count('servicesNamed')).toBe(1);
  });

  it('says once what will never become ready', async () => {
    host.addService({ name: 'web', schedulingStrategy: 'REPLICA' });
    keepGate({ services: ['web', 'logs'] });
    await host.clock.turn(3_600_000);
    expect(host.log.said('no DAEMON service')).toHaveLength(1);
    expect(host.log.said('does not exist')).toHaveLength(1);
  });

  it('stays ready while the ECS agent does not answer', async () => {
    aDaemonService('logs');
    host.tasks = [aLocalTask('a', 'logs')];
    keepGate({ services: ['logs'] });
    await host.clock.turn(1_000);
    host.failures.set('tasks', new Failure('unavailable', 'asking the ECS agent'));
    await host.clock.turn(60_000);
    expect(host.written).toEqual([YES]);
  });

  it('stays ready while it drains, by whomever, and is looked at again afterwards', async () => {
    aDaemonService('logs');
    host.tasks = [aLocalTask('a', 'logs')];
    keepGate({ services: ['logs'] });
    await host.clock.turn(1_000);
    host.status = 'DRAINING';
    host.tasks = [];
    await host.clock.turn(600_000);
    expect(host.written).toEqual([YES]);
    expect(host.count('containerInstance')).toBeLessThan(25);
    host.status = 'ACTIVE';
    await host.clock.turn(35_000);
    expect(host.written).toEqual([YES, NO]);
  });

  it('is left alone during a response of ours', async () => {
    aDaemonService('logs');
    host.tasks = [aLocalTask('a', 'logs')];
    keepGate({ services: ['logs'] });
    await host.clock.turn(1_000);
    isHeld = true;
    host.tasks = [];
    await host.clock.turn(60_000);
    expect(host.written).toEqual([YES]);
    isHeld = false;
    await host.clock.turn(5_000);
    expect(host.written).toEqual([YES, NO]);
  });
});

describe('an instance that requires a family', () => {
  it('starts it, and is ready when it runs', async () => {
    const gate = keepGate({ families: ['metrics'] });
    await host.clock.turn(2_000);
    expect(host.written).toEqual([NO]);
    expect(host.started).toEqual(['metrics']);
    host.tasks = [aLocalTask('started-1', 'metrics')];
    await host.clock.turn(1_000);
    expect(host.written).toEqual([NO, YES]);
    expect(gate.readiness).toEqual({ isReady: true, missing: [] });
  });

  it('starts it also while the attribute cannot be written', async () => {
    host.failures.set('setAttribute', new Failure('access-denied', 'setting the attribute'));
    keepGate({ families: ['metrics'] });
    await host.clock.turn(2_000);
    expect(host.started).toEqual(['metrics']);
  });
});
