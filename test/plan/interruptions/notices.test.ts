// What each word of an agent makes of its instance: gone, on its way out, not to be built on, or nothing.
import { describe, expect, it } from 'vitest';
import type { ContainerInstance } from '../../../src/model/container-instance.ts';
import { aDefinition, aHeadroom, type Host, NOW, type ServiceSpec } from '../../support/builders.ts';
import { decided } from '../../support/decided.ts';

const web: ServiceSpec = { name: 'web', shape: { cpuUnits: 1024, memoryMiB: 2048 } };
const at = (seconds: number) => new Date(NOW + seconds * 1000).toISOString();
const told = (notice: string, more: Record<string, string> = {}): Partial<ContainerInstance> => ({
  attributes: { 'spotkeeper.notice': notice, ...more },
});

describe('an instance whose agent says', () => {
  it.each<[string, Partial<ContainerInstance>, string]>([
    ['that it is interrupted', told(`interruption@${at(60)}`), 'noticed'],
    ['that its Auto Scaling group ends it', told(`target-state@${at(60)}`), 'noticed'],
    ['that its host shuts down', told(`host-shutdown@${at(60)}`), 'noticed'],
    ['that its host shut down a while ago', told(`host-shutdown@${at(-60)}`), 'noticed'],
    ['that its host shut down long ago', told(`host-shutdown@${at(-601)}`), 'serving'],
    ['that AWS recommends to leave it', told(`rebalance@${at(-60)}`), 'at-risk'],
    ['so and cordons it', told(`rebalance@${at(-60)}`, { 'spotkeeper.cordoned': 'rebalance' }), 'at-risk'],
    ['so, and an operator cordons it', told(`rebalance@${at(-60)}`, { 'spotkeeper.cordoned': 'operator' }), 'cordoned'],
    ['so, and it drains', { ...told(`rebalance@${at(-60)}`), status: 'DRAINING' }, 'draining'],
    ['so, long ago', told(`rebalance@${at(-1801)}`), 'serving'],
    ['that AWS works on it soon', told(`maintenance@${at(900)}`), 'at-risk'],
    ['something nobody knows', told('earthquake@soon'), 'serving'],
  ])('%s', (_, containerInstance, standing) => {
    expect(decided({ hosts: [{ id: 'i-1', containerInstance }] }).standing('i-1')).toBe(standing);
  });
});

describe('a host that shuts down', () => {
  it('is counted by the fleet for as long as it may be rebooting, so that an ask for its room is not swallowed', () => {
    const hosts: Host[] = [{ id: 'i-1', tasks: { web: 2 }, containerInstance: told(`host-shutdown@${at(-1)}`) }];
    expect(decided({ hosts, services: [web] }).plan).toMatchObject([
      { kind: 'set-target', fromUnits: 2, targetUnits: 3 },
    ]);
  });
});

describe('an instance at risk', () => {
  const risky = told(`rebalance@${at(-60)}`);

  it('offers no promised room, which is asked for elsewhere', () => {
    const spec = (containerInstance: Partial<ContainerInstance>) => ({
      hosts: [{ id: 'i-1', tasks: { web: 1 }, containerInstance }],
      services: [web],
    });
    const headroom = { largestTasks: 1 };
    expect(decided(spec({}), { headroom }).plan).toEqual([]);
    const { plan, line } = decided(spec(risky), { headroom });
    expect(plan).toMatchObject([{ kind: 'set-target', reason: 'promised-room', targetUnits: 3 }]);
    expect(line('web')).toMatchObject({ schedulableNow: 0, pending: 0 });
  });

  it('keeps the place of what runs there, which is lost with its pool like anything else', () => {
    const hosts: Host[] = [
      { id: 'i-1', tasks: { web: 1 }, containerInstance: risky },
      { id: 'i-2', zone: 'us-east-1b', tasks: { web: 2 } },
    ];
    const { scenario } = decided(
      { hosts, services: [web] },
      { policy: { headroom: aHeadroom({ largestTasks: 0, survive: 'pool' }) } },
    );
    expect(scenario('now')).toMatchObject({ tasks: 0 });
    expect(scenario('pool-loss', 'm5.large/us-east-1a')).toMatchObject({ tasks: 1, unplaced: 1 });
  });

  it.each([
    ['is replaced first when what it runs takes longer to stop than a notice lasts', 101_000, 'web', ['rebalance']],
    ['stays when that stops in time', 90_000, 'web', []],
    ['stays when nothing says how long that takes', null, 'web', []],
    ['stays for a standalone task, which leaving would not move', 101_000, 'family:web', []],
  ])('%s', (_, stopTimeoutMs, task, reasons) => {
    const hosts: Host[] = [{ id: 'i-1', tasks: { [task]: 1 }, containerInstance: risky }, { id: 'i-2' }];
    const service = { ...web, name: task };
    const services = task === 'web' ? [service] : [];
    const definitions = [{ ...aDefinition(service), stopTimeoutMs }];
    const { report } = decided({ hosts, services, snapshot: { definitions } });
    expect(report.scaleIn.victims.flatMap(({ reason }) => (reason === 'rebalance' ? [reason] : []))).toEqual(reasons);
  });
});
