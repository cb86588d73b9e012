// Instances of the fleet that are none of the cluster: who is ended, what the fleet is told before, and who is spared.
import { describe, expect, it } from 'vitest';
import type { ContainerInstance } from '../../../src/model/container-instance.ts';
import { instanceId } from '../../../src/model/ids.ts';
import { BrokenInvariant, check } from '../../../src/plan/check.ts';
import { NO_MEMORY } from '../../../src/plan/memory.ts';
import type { Policy } from '../../../src/plan/policy.ts';
import { aPolicy, aSnapshot, type ClusterSpec, type Host, NOW, type ServiceSpec } from '../../support/builders.ts';
import { decided } from '../../support/decided.ts';

const web: ServiceSpec = { name: 'web', shape: { cpuUnits: 1024, memoryMiB: 2048 } };
const orphan = (id: string): Host => ({ id, containerInstance: null, instance: { launchedAt: NOW - 600_001 } });
const full = (id: string): Host => ({ id, tasks: { web: 2 } });
const KEEP: Policy['orphans'] = { ...aPolicy().orphans, response: 'keep' };

describe('an orphan that nobody needs', () => {
  const hosts = [full('i-1'), full('i-2'), orphan('i-3')];

  it('is ended only when the target has come down, so that the fleet launches none in its place', () => {
    expect(decided({ hosts, services: [web] }).plan).toMatchObject([
      { kind: 'set-target', fromUnits: 6, targetUnits: 4 },
    ]);
    const { plan } = decided({ hosts, services: [web], fleet: { targetUnits: 4, fulfilledUnits: 6 } });
    expect(plan).toEqual([{ kind: 'terminate', reason: 'orphan', instanceId: 'i-3', containerInstanceArn: null }]);
  });

  it.each<[string, ClusterSpec]>([
    ['the fleet is still taking in a change', { fleet: { targetUnits: 4, fulfilledUnits: 6, state: 'modifying' } }],
    [
      'something could not be seen',
      { fleet: { targetUnits: 4, fulfilledUnits: 6 }, snapshot: { gaps: [{ part: 'tasks', why: 'x' }] } },
    ],
  ])('is not ended while %s', (_, spec) => {
    expect(decided({ hosts, services: [web], ...spec }).plan.filter(({ kind }) => kind === 'terminate')).toEqual([]);
  });

  it('stays where the operator wants that, and the fleet goes on counting it', () => {
    expect(decided({ hosts, services: [web] }, { policy: { orphans: KEEP } }).plan).toEqual([]);
  });
});

describe('an orphan whose room is needed', () => {
  it('is ended with the target as it is: the fleet launches another in its place', () => {
    const services = [{ ...web, desiredCount: 6, placementFailure: 'no room' }];
    const { plan } = decided({
      hosts: [full('i-1'), full('i-2'), orphan('i-3')],
      services,
      fleet: { targetUnits: 5, fulfilledUnits: 6 },
    });
    expect(plan.map(({ kind }) => kind)).toEqual(['terminate']);
  });

  it('is ended in the pass that asks for more', () => {
    const services = [{ ...web, desiredCount: 12, placementFailure: 'no room' }];
    const { plan } = decided({ hosts: [full('i-1'), full('i-2'), orphan('i-3')], services });
    // Four units that stay, and seven for eight tasks, two to an instance of two units.
    expect(plan).toMatchObject([
      { kind: 'set-target', targetUnits: 11 },
      { kind: 'terminate', instanceId: 'i-3' },
    ]);
  });

  it('counts as ever where nothing may be given away, or what is asked for would never come', () => {
    const services = [{ ...web, desiredCount: 6, placementFailure: 'no room' }];
    const { allowed } = decided(
      { hosts: [full('i-1'), full('i-2'), orphan('i-3')], services },
      { policy: { mode: 'scale-out-only' } },
    );
    expect(allowed).toMatchObject([{ kind: 'set-target', targetUnits: 7 }]);
  });
});

describe('where most of the fleet is astray', () => {
  const hosts = [full('i-1'), orphan('i-2'), orphan('i-3')];
  const target = { targetUnits: 2, fulfilledUnits: 6 };
  const endedOf = (spec: ClusterSpec, memory = NO_MEMORY) =>
    decided({ services: [web], fleet: target, ...spec }, { memory }).plan.flatMap((action) =>
      action.kind === 'terminate' ? [action.instanceId] : [],
    );

  it('nobody is ended who was there before us: we may be looking at the wrong cluster', () => {
    expect(endedOf({ hosts })).toEqual([]);
  });

  it('only whom we saw coming is', () => {
    expect(endedOf({ hosts }, { ...NO_MEMORY, awaited: [instanceId('i-3')] })).toEqual(['i-3']);
  });

  it('who is seen launching is remembered until it joins', () => {
    const launching = (id: string): Host => ({
      id,
      containerInstance: null,
      instance: { launchedAt: NOW - 1_000, state: 'pending' },
    });
    const { memory } = decided({ hosts: [launching('i-1'), launching('i-2'), orphan('i-3')] });
    expect(memory.awaited).toEqual(['i-1', 'i-2']);
    const later = decided({ hosts: [{ id: 'i-1' }, orphan('i-2')] }, { memory });
    expect(later.memory.awaited).toEqual(['i-2']);
  });
});

describe('an instance that lost its ECS agent', () => {
  const lost = (over: Partial<ContainerInstance> = {}): Host => ({
    id: 'i-3',
    containerInstance: { agentConnected: false, ...over },
  });
  const since = (seconds: number) => ({
    ...NO_MEMORY,
    disconnectedSince: { [instanceId('i-3')]: NOW - seconds * 1000 },
  });
  const hosts = (host: Host) => [full('i-1'), full('i-2'), host];

  it.each<[string, Host, number, string]>([
    ['for long, and runs nothing, is an orphan', lost(), 1_801, 'orphan'],
    ['for a while is disconnected', lost(), 1_799, 'disconnected'],
    ['for long, and runs a task, is disconnected', { ...lost(), tasks: { web: 1 } }, 90_000, 'disconnected'],
    [
      'for long, and is cordoned, stays so',
      lost({ attributes: { 'spotkeeper.cordoned': 'operator' } }),
      90_000,
      'cordoned',
    ],
  ])('%s', (_, host, seconds, standing) => {
    expect(decided({ hosts: hosts(host), services: [web] }, { memory: since(seconds) }).standing('i-3')).toBe(standing);
  });

  it('goes on being one, and says nothing of launches', () => {
    const first = decided({ hosts: hosts(lost()), services: [web] }, { memory: since(1_801) });
    const second = decided({ hosts: hosts(lost()), services: [web] }, { memory: first.memory, now: NOW + 15_000 });
    expect(second.standing('i-3')).toBe('orphan');
    expect(second.report.launches.failed).toBe(0);
  });
});

describe('the check of a plan', () => {
  const terminate = {
    kind: 'terminate',
    reason: 'orphan',
    instanceId: instanceId('i-3'),
    containerInstanceArn: null,
  } as const;
  const rule = (host: Host | null, { policy = aPolicy(), ...spec }: ClusterSpec & { policy?: Policy } = {}) => {
    const snapshot = aSnapshot({ hosts: host === null ? [] : [host], ...spec });
    try {
      check({ plan: [terminate], snapshot, policy, now: NOW });
      return null;
    } catch (error) {
      if (error instanceof BrokenInvariant) return error.message;
      throw error;
    }
  };

  it.each<[string, RegExp, Host | null, Parameters<typeof rule>[1]?]>([
    ['is young', /time to join/, { id: 'i-3', containerInstance: null, instance: { launchedAt: NOW - 599_000 } }],
    ['is none of the fleet', /of the fleet/, { ...orphan('i-3'), isMember: false }],
    ['is connected', /connected/, { id: 'i-3' }],
    ['runs a task', /empty/, { id: 'i-3', tasks: { web: 1 }, containerInstance: { agentConnected: false } }],
    ['is not known to EC2', /time to join/, orphan('i-3'), { snapshot: { instances: [] } }],
    ['is to be kept', /operator/, orphan('i-3'), { policy: aPolicy({ orphans: KEEP }) }],
    ['is of a fleet that is modifying', /active/, orphan('i-3'), { fleet: { state: 'modifying' } }],
    ['stands in a partial view', /partial/, orphan('i-3'), { snapshot: { gaps: [{ part: 'tasks', why: 'x' }] } }],
  ])('ends no orphan that %s', (_, words, host, spec) => {
    expect(rule(host, spec)).toMatch(words);
  });

  it('lets one be ended that is past its time', () => {
    expect(rule(orphan('i-3'))).toBeNull();
  });
});
