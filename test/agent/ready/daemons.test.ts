import { beforeEach, describe, expect, it } from 'vitest';
import { Daemons } from '../../../src/agent/ready/daemons.ts';
import { Failure } from '../../../src/ports/failure.ts';
import { aLocalTask, PaperHost } from '../../support/paper-host.ts';

const never = new AbortController().signal;
let host: PaperHost;
let daemons: Daemons;
let isHeld: boolean;

beforeEach(() => {
  host = new PaperHost();
  isHeld = false;
  const { ourselves, clock, rng, logger } = host;
  daemons = new Daemons({ families: ['logs'], ourselves, isHeld: () => isHeld, clock, rng, logger });
});

const look = () => daemons.look(host.tasks, never);
async function lookFor(seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    await look();
    await host.clock.turn(1_000);
  }
}
const said = () => host.log.lines.map(({ level, message }) => `${level} ${message}`);

describe('a required family', () => {
  it('is started at once when it is missing, and not a second time while it comes up', async () => {
    await lookFor(29);
    expect(host.started).toEqual(['logs']);
    host.tasks = [aLocalTask('started-1', 'logs', { knownStatus: 'PENDING' })];
    await lookFor(600);
    expect(host.started).toEqual(['logs']);
  });

  it('is not started where one runs that somebody else has started, also while that one stops', async () => {
    host.tasks = [aLocalTask('theirs', 'logs', { desiredStatus: 'STOPPED' })];
    await lookFor(60);
    expect(host.started).toEqual([]);
  });

  it('is started again with growing pauses when it keeps ending', async () => {
    const startedAt: number[] = [];
    for (let second = 0; second < 200; second += 1) {
      const before = host.started.length;
      await look();
      if (host.started.length > before) startedAt.push(second);
      host.tasks = host.started.map((family, at) =>
        aLocalTask(`started-${at + 1}`, family, { knownStatus: 'STOPPED' }),
      );
      await host.clock.turn(1_000);
    }
    const pauses = startedAt.slice(1).map((at, index) => at - (startedAt[index] ?? 0));
    expect(pauses).toEqual([2, 3, 5, 9, 17, 33, 65]);
  });

  it('is told when it is started, runs, ends and is refused', async () => {
    await look();
    host.tasks = [aLocalTask('started-1', 'logs')];
    await lookFor(3);
    host.tasks = [];
    host.failures.set('startTask', new Failure('refused', 'starting a task of logs: RESOURCE:MEMORY'));
    await lookFor(100);
    expect(said()).toEqual([
      'info a required daemon is started on this instance',
      'info a required daemon runs',
      'warn a required daemon has ended and will be started again',
      'warn a required daemon cannot be started here; it will be tried again',
    ]);
    expect(host.count('startTask')).toBeGreaterThan(3);
  });

  it('is given half a minute when the answer of ECS is lost: it may have been started', async () => {
    host.failures.set('startTask', new Failure('timed-out', 'starting a task of logs'));
    await lookFor(30);
    expect(host.count('startTask')).toBe(1);
    await lookFor(3);
    expect(host.count('startTask')).toBe(2);
  });

  it('is tried again soon when ECS was never asked to start it', async () => {
    host.failures.set('containerInstance', new Failure('unavailable', 'looking up the container instance'));
    await lookFor(3);
    host.failures.clear();
    await lookFor(5);
    expect(host.started).toEqual(['logs']);
  });

  it('is not started on an instance that drains, by whomever, and told once', async () => {
    host.status = 'DRAINING';
    await lookFor(200);
    expect(host.started).toEqual([]);
    expect(said()).toEqual(['info a required daemon is not started while the instance takes no tasks']);
    host.status = 'ACTIVE';
    await lookFor(31);
    expect(host.started).toEqual(['logs']);
  });

  it('is left alone while the instance is being emptied', async () => {
    isHeld = true;
    await lookFor(60);
    expect(host.calls).toEqual([]);
    isHeld = false;
    await look();
    expect(host.started).toEqual(['logs']);
  });
});
