import { describe, expect, it } from 'vitest';
import type { Gap } from '../../src/model/snapshot.ts';
import { check } from '../../src/plan/check.ts';
import { plan } from '../../src/plan/decide.ts';
import { type Memory, NO_MEMORY } from '../../src/plan/memory.ts';
import type { Policy } from '../../src/plan/policy.ts';
import { aHeadroom, aPolicy, arnOf, aSnapshot, type ClusterSpec, NOW } from '../support/builders.ts';

/** Plans, proves the plan sound, and returns all of it. */
function decide(spec: ClusterSpec, policy: Partial<Policy> = {}, memory: Memory = NO_MEMORY) {
  const snapshot = aSnapshot(spec);
  const decision = plan({ snapshot, policy: aPolicy(policy), memory, now: NOW });
  check({ plan: decision.plan, snapshot, policy: aPolicy(policy), now: NOW });
  return decision;
}

const kinds = (decision: ReturnType<typeof decide>) => decision.plan.map(({ kind }) => kind);
const NO_HEADROOM = { headroom: aHeadroom({ largestTasks: 0 }) };
const web = { name: 'web', shape: { cpuUnits: 1024, memoryMiB: 2048 } };
const retiring = (spec: object = {}) => ({
  status: 'DRAINING' as const,
  attributes: { 'spotkeeper.retiring': 'excess' },
  ...spec,
});
const noticed = (secondsLeft: number) => ({
  status: 'DRAINING' as const,
  attributes: { 'spotkeeper.notice': `interruption@${new Date(NOW + secondsLeft * 1000).toISOString()}` },
});

describe('a shortage', () => {
  it('raises the target from what the fleet has by what is missing, and names pending tasks as the reason', () => {
    const decision = decide(
      { hosts: [{ id: 'i-1', tasks: { web: 2 } }], services: [{ ...web, desiredCount: 3 }] },
      NO_HEADROOM,
    );
    expect(decision.plan).toEqual([
      { kind: 'set-target', fleetId: expect.any(String), fromUnits: 2, targetUnits: 3, reason: 'pending-tasks' },
    ]);
  });

  it('of pending tasks is named as such also where the promise needs still more', () => {
    const decision = decide({ hosts: [{ id: 'i-1', tasks: { web: 2 } }], services: [{ ...web, desiredCount: 3 }] });
    expect(decision.plan).toMatchObject([{ kind: 'set-target', targetUnits: 5, reason: 'pending-tasks' }]);
  });

  it('of promised room alone raises the target for that reason', () => {
    const decision = decide({ hosts: [{ id: 'i-1', tasks: { web: 2 } }], services: [web] });
    expect(decision.plan).toMatchObject([{ kind: 'set-target', reason: 'promised-room' }]);
  });

  it('asks for no more while what was asked for launches', () => {
    const decision = decide(
      {
        hosts: [
          { id: 'i-1', tasks: { web: 2 } },
          { id: 'i-2', containerInstance: null, instance: { state: 'pending', launchedAt: NOW } },
        ],
        services: [{ ...web, desiredCount: 4 }],
      },
      NO_HEADROOM,
    );
    expect(decision.plan).toEqual([]);
    expect(decision.report.target.reason).toBe('keep');
  });

  it('asks for the same while the fleet has not fulfilled the ask', () => {
    const hosts = [{ id: 'i-1', tasks: { web: 2 } }];
    const decision = decide({ hosts, services: [{ ...web, desiredCount: 4 }], fleet: { targetUnits: 3 } }, NO_HEADROOM);
    expect(decision.plan).toEqual([]);
  });

  it('waits for the next pass while the fleet works in an earlier change', () => {
    const decision = decide(
      {
        hosts: [{ id: 'i-1', tasks: { web: 2 } }],
        services: [{ ...web, desiredCount: 9 }],
        fleet: { state: 'modifying' },
      },
      NO_HEADROOM,
    );
    expect(decision.plan).toEqual([]);
    expect(decision.report.target.reason).toBe('fleet-modifying');
  });

  it('stops at the maximum and says so', () => {
    const decision = decide(
      { hosts: [{ id: 'i-1', tasks: { web: 2 } }], services: [{ ...web, desiredCount: 90 }] },
      { fleet: { name: 'general', minUnits: 0, maxUnits: 2 } },
    );
    expect(decision.plan).toEqual([]);
    expect(decision.report.target.reason).toBe('at-maximum');
  });

  it('is enough whatever type the fleet picks: three instances of weight 4 come only when more than 8 units are missing', () => {
    const big = { name: 'big', shape: { cpuUnits: 2048, memoryMiB: 7000 }, desiredCount: 5 };
    const decision = decide({ services: [big], fleet: { targetUnits: 0, fulfilledUnits: 0 } }, NO_HEADROOM);
    // Five m5.large (weight 2, one each): 9 units make five of them. Three m5.xlarge (weight 4, two each): 9 units make three.
    expect(decision.plan).toMatchObject([{ kind: 'set-target', targetUnits: 9 }]);
  });

  it('calls back what is retiring before anything is launched', () => {
    const decision = decide(
      {
        hosts: [
          { id: 'i-1', tasks: { web: 2 } },
          { id: 'i-2', containerInstance: retiring() },
        ],
        services: [{ ...web, desiredCount: 4 }],
        fleet: { targetUnits: 2 },
      },
      NO_HEADROOM,
    );
    expect(decision.plan.map(({ kind, reason }) => [kind, reason])).toEqual([['reactivate', 'need-returned']]);
  });
});

describe('a shape that fits no type', () => {
  const monster = { name: 'monster', shape: { cpuUnits: 9000, memoryMiB: 1024 }, desiredCount: 3 };

  it('scales nothing and is named with the nearest type and what it lacks', () => {
    const decision = decide(
      { hosts: [{ id: 'i-1' }], services: [monster], fleet: { targetUnits: 2 } },
      { fleet: { name: 'g', minUnits: 2, maxUnits: 9 } },
    );
    expect(decision.plan).toEqual([]);
    expect(decision.report.unschedulable).toEqual([
      {
        shape: '9000cpu/1024MiB',
        constraints: [],
        users: ['monster'],
        nearestType: 'm5.xlarge',
        missing: { cpuUnits: 4904, memoryMiB: 0, gpus: 0, eniSlots: 0, constraints: [] },
      },
    ]);
  });

  it('does not keep other shapes from scaling', () => {
    const decision = decide(
      { services: [monster, { ...web, desiredCount: 1 }], fleet: { targetUnits: 0 } },
      NO_HEADROOM,
    );
    expect(decision.plan).toMatchObject([{ kind: 'set-target', targetUnits: 1 }]);
  });
});

describe('a shape that fits only some types', () => {
  const big = { name: 'big', shape: { cpuUnits: 3000, memoryMiB: 1024 }, desiredCount: 1 };
  const small = (id: string, ageMs = 60_000) => ({ id, type: 'm5.large', instance: { launchedAt: NOW - ageMs } });

  it('is asked for', () => {
    const decision = decide({ services: [big], fleet: { targetUnits: 0 } }, NO_HEADROOM);
    expect(decision.plan).toMatchObject([{ kind: 'set-target', targetUnits: 1 }]);
  });

  it('is not asked for again and again while the fleet answers with types that cannot host it', () => {
    const decision = decide({ hosts: [small('i-1')], services: [big] }, NO_HEADROOM);
    expect(decision.plan).toEqual([]);
    expect(decision.report.target.reason).toBe('wrong-types');
  });

  it('is asked for where idle instances that cannot host it have been there for long', () => {
    const decision = decide({ hosts: [small('i-1', 3_700_000)], services: [big] }, NO_HEADROOM);
    expect(decision.plan).toMatchObject([{ kind: 'set-target', fromUnits: 2, targetUnits: 3 }]);
  });

  it('is still asked for where small instances are busy with other tasks', () => {
    const hosts = [{ ...small('i-1'), tasks: { web: 1 } }];
    const decision = decide({ hosts, services: [web, big] }, NO_HEADROOM);
    expect(decision.plan).toMatchObject([{ kind: 'set-target', fromUnits: 2, targetUnits: 3 }]);
  });
});

describe('a noticed instance', () => {
  const spec = (secondsLeft: number, fleet: object = {}): ClusterSpec => ({
    hosts: [{ id: 'i-1', tasks: { web: 2 }, containerInstance: noticed(secondsLeft) }],
    services: [web],
    fleet,
  });

  it('is replaced at once: its tasks count as unplaced and its room as gone', () => {
    expect(decide(spec(110), NO_HEADROOM).plan).toMatchObject([
      { kind: 'set-target', fromUnits: 2, targetUnits: 3, reason: 'pending-tasks' },
    ]);
  });

  it('is replaced alike when AWS no longer counts it as fulfilled', () => {
    const decision = decide(spec(110, { fulfilledUnits: 0, targetUnits: 0 }), NO_HEADROOM);
    expect(decision.plan).toMatchObject([{ kind: 'set-target', fromUnits: 0, targetUnits: 1 }]);
  });

  it('takes the target down with it once its replacement serves, so that the fleet launches no second one', () => {
    const hosts = [
      { id: 'i-1', containerInstance: noticed(60) },
      { id: 'i-2', tasks: { web: 2 } },
    ];
    const decision = decide({ hosts, services: [web], fleet: { targetUnits: 4 } }, NO_HEADROOM);
    expect(decision.plan).toMatchObject([
      { kind: 'set-target', fromUnits: 4, targetUnits: 2, reason: 'follow-leaving' },
    ]);
  });

  it('counts as gone from ten seconds before its deadline', () => {
    expect(decide(spec(9), NO_HEADROOM).report.ledger[0]?.standing).toBe('gone');
    expect(decide(spec(11), NO_HEADROOM).report.ledger[0]?.standing).toBe('noticed');
  });

  it('keeps the target up while its tasks are moving, though all would fit elsewhere', () => {
    const hosts = [{ id: 'i-1', tasks: { web: 1 }, containerInstance: noticed(60) }, { id: 'i-2' }];
    const decision = decide({ hosts, services: [web], fleet: { targetUnits: 4 } }, NO_HEADROOM);
    expect(decision.plan).toEqual([]);
    expect(decision.report.target.reason).toBe('tasks-moving');
  });

  it('keeps nobody else from leaving for ever when EC2 fails to end it', () => {
    const lapsed = { id: 'i-1', containerInstance: noticed(-301) };
    const hosts = [lapsed, { id: 'i-2', tasks: { web: 1 } }, { id: 'i-3' }];
    expect(decide({ hosts, services: [web] }, NO_HEADROOM).report.scaleIn.reason).toBe('retire');
    const fresh = [{ ...lapsed, containerInstance: noticed(-10) }, ...hosts.slice(1)];
    expect(decide({ hosts: fresh, services: [web] }, NO_HEADROOM).report.scaleIn.reason).toBe('over-budget');
  });

  it('counts the replacements that ECS has started already', () => {
    const hosts = [
      { id: 'i-1', tasks: { web: 2 }, containerInstance: noticed(60) },
      { id: 'i-2', tasks: { web: 2 } },
    ];
    const decision = decide({ hosts, services: [{ ...web, desiredCount: 2 }], fleet: { targetUnits: 2 } }, NO_HEADROOM);
    expect(decision.report.shapes[0]?.pending).toBe(0);
  });
});

describe('a surplus', () => {
  const idle: ClusterSpec = {
    hosts: [{ id: 'i-1', tasks: { web: 2 } }, { id: 'i-2' }, { id: 'i-3', tasks: { web: 1 } }],
    services: [web],
  };

  it('retires the emptiest instance: target first, then the mark, then the drain', () => {
    const decision = decide(idle, NO_HEADROOM);
    expect(decision.plan).toMatchObject([
      { kind: 'set-target', fromUnits: 6, targetUnits: 4, reason: 'retirement' },
      { kind: 'mark-retiring', instanceId: 'i-2' },
      { kind: 'drain', instanceId: 'i-2' },
    ]);
    expect(decision.report.scaleIn).toMatchObject({
      reason: 'retire',
      victims: [{ instanceId: 'i-2', reason: 'excess' }],
    });
  });

  it('waits until it has lasted', () => {
    const policy = { ...NO_HEADROOM, scaleIn: { idleMs: 60_000 } };
    const first = decide(idle, policy);
    expect(first.plan).toEqual([]);
    expect(first.report.scaleIn.reason).toBe('surplus-too-young');
    expect(first.memory.surplusSince).toBe(NOW);
    const later = decide(idle, policy, { ...NO_MEMORY, surplusSince: NOW - 60_000 });
    expect(later.report.scaleIn.reason).toBe('retire');
  });

  it('grows no younger by a pass that could not see, and starts anew after a real need', () => {
    const memory = { ...NO_MEMORY, surplusSince: NOW - 1_000 };
    const blind = decide({ ...idle, snapshot: { gaps: [{ part: 'tasks', why: 'x' }] } }, NO_HEADROOM, memory);
    expect(blind.memory.surplusSince).toBe(NOW - 1_000);
    const services = [{ ...web, desiredCount: 30 }];
    expect(decide({ ...idle, services }, NO_HEADROOM, memory).memory.surplusSince).toBeNull();
  });

  it('is none when the promised room needs it', () => {
    const decision = decide({ hosts: [{ id: 'i-1', tasks: { web: 2 } }, { id: 'i-2' }], services: [web] });
    expect(decision.plan).toEqual([]);
    expect(decision.report.scaleIn.reason).toBe('no-surplus');
  });

  it('never goes below the minimum', () => {
    const policy = { ...NO_HEADROOM, fleet: { name: 'general', minUnits: 6, maxUnits: 9 } };
    expect(decide(idle, policy).report.scaleIn.reason).toBe('at-minimum');
  });

  it('leaves one at a time', () => {
    const hosts = [...(idle.hosts ?? []), { id: 'i-4', containerInstance: retiring({ pendingTaskCount: 1 }) }];
    const decision = decide({ ...idle, hosts, fleet: { targetUnits: 6 } }, NO_HEADROOM);
    expect(decision.plan).toEqual([]);
    expect(decision.report.scaleIn.reason).toBe('over-budget');
  });

  it.each([
    ['standalone-task', { 'family:batch': 1 }, {}],
    ['service-cannot-drain', { web: 1 }, { maximumPercent: 100 }],
    ['deployment-in-progress', { web: 1 }, { isDeploying: true }],
  ])('spares an instance with the reason %s', (reason, tasks, service) => {
    const hosts = [
      { id: 'i-1', tasks },
      {
        id: 'i-2',
        containerInstance: { status: 'DRAINING' as const, attributes: { 'spotkeeper.cordoned': 'operator-drain' } },
      },
    ];
    const decision = decide(
      { hosts, services: [{ ...web, desiredCount: 0, ...service }], fleet: { targetUnits: 4 } },
      NO_HEADROOM,
    );
    expect(decision.plan).toEqual([]);
    expect(decision.report.scaleIn.unremovable).toContainEqual({ instanceId: 'i-1', reason });
  });

  it('withdraws an ask that nobody needs any more', () => {
    const decision = decide(
      { hosts: [{ id: 'i-1', tasks: { web: 2 } }], services: [web], fleet: { targetUnits: 8 } },
      NO_HEADROOM,
    );
    expect(decision.plan).toMatchObject([{ kind: 'set-target', fromUnits: 8, targetUnits: 2, reason: 'withdraw-ask' }]);
  });

  it('by fractional weights takes the target below what remains, so that nothing is launched in its place', () => {
    const options = [{ instanceType: 'm5.large', weightUnits: 0.7 }];
    const fleet = { options, targetUnits: 2, fulfilledUnits: 2.0999999999999996 };
    const decision = decide({ ...idle, fleet }, NO_HEADROOM);
    expect(decision.plan).toMatchObject([
      { kind: 'set-target', targetUnits: 1 },
      { kind: 'mark-retiring' },
      { kind: 'drain' },
    ]);
  });

  it('is none where ECS may put the displaced tasks so that the promise would not fit', () => {
    // Packed tightly the one task of i-3 would go to i-1; spread by ECS it takes half of the only room for a large one.
    const large = { name: 'large', shape: { cpuUnits: 2048, memoryMiB: 4096 }, desiredCount: 1, runningCount: 1 };
    const hosts = [{ id: 'i-1', tasks: { web: 1 } }, { id: 'i-2' }, { id: 'i-3', tasks: { web: 1 } }];
    const decision = decide({ hosts, services: [web, large] }, { headroom: aHeadroom({ largestTasks: 1 }) });
    expect(decision.plan).toEqual([]);
    expect(decision.report.scaleIn.reason).toBe('no-surplus');
  });

  it('by weights that do not divide stays: an overshoot is no ask and no victim', () => {
    const decision = decide(
      { hosts: [{ id: 'i-1', tasks: { web: 2 } }], services: [web], fleet: { targetUnits: 1 } },
      NO_HEADROOM,
    );
    expect(decision.plan).toEqual([]);
  });
});

describe('a retiring instance', () => {
  const on = (containerInstance: object, rest: ClusterSpec = {}, tasks: Record<string, number> = {}): ClusterSpec => ({
    hosts: [
      { id: 'i-1', tasks: { web: 1 } },
      { id: 'i-2', containerInstance, tasks },
    ],
    services: [web],
    fleet: { targetUnits: 2 },
    ...rest,
  });

  it('is terminated once it is empty and the fleet shows the lower target', () => {
    expect(decide(on(retiring()), NO_HEADROOM).plan).toMatchObject([
      { kind: 'terminate', instanceId: 'i-2', reason: 'excess' },
    ]);
  });

  it('is not terminated while a task is still inside its stop timeout', () => {
    expect(decide(on(retiring({ runningTaskCount: 0 }), {}, { web: 1 }), NO_HEADROOM).plan).toEqual([]);
  });

  it.each([
    ['the fleet still shows the higher target', { targetUnits: 4, state: 'active' as const }, ['set-target']],
    ['the fleet is modifying', { targetUnits: 2, state: 'modifying' as const }, []],
  ])('is not terminated while %s', (_, fleet, expected) => {
    expect(kinds(decide(on(retiring(), { fleet }), NO_HEADROOM))).toEqual(expected);
  });

  it('is drained when a crash left it marked and ACTIVE', () => {
    expect(decide(on(retiring({ status: 'ACTIVE' })), NO_HEADROOM).plan).toMatchObject([
      { kind: 'drain', instanceId: 'i-2' },
    ]);
  });

  it("is never somebody else's drain: without our mark an instance is neither terminated nor called back", () => {
    expect(decide(on({ status: 'DRAINING' }), NO_HEADROOM).plan).toEqual([]);
  });
});

describe('what is called back', () => {
  const short = [{ ...web, desiredCount: 4 }];
  const on = (containerInstance: object): ClusterSpec => ({
    hosts: [
      { id: 'i-1', tasks: { web: 2 } },
      { id: 'i-2', containerInstance: retiring(containerInstance) },
    ],
    services: short,
    fleet: { targetUnits: 2 },
  });

  it('comes after the raise, so that a refusal of ECS holds nothing up', () => {
    const services = [{ ...web, desiredCount: 9 }];
    expect(kinds(decide({ ...on({}), services }, NO_HEADROOM))).toEqual(['set-target', 'reactivate']);
  });

  it('is nobody whose ECS agent is not connected: its room is not there', () => {
    const decision = decide(on({ agentConnected: false, runningTaskCount: 1 }), NO_HEADROOM);
    expect(decision.plan).toMatchObject([{ kind: 'set-target', reason: 'pending-tasks' }]);
  });
});

describe('a retirement that cannot go on', () => {
  it('says what holds it up', () => {
    const hosts = [
      { id: 'i-1', containerInstance: retiring(), tasks: { 'family:batch': 1 } },
      { id: 'i-2', tasks: { web: 1 } },
    ];
    const { scaleIn } = decide({ hosts, services: [web], fleet: { targetUnits: 2 } }, NO_HEADROOM).report;
    expect(scaleIn).toMatchObject({
      reason: 'over-budget',
      unremovable: [{ instanceId: 'i-1', reason: 'standalone-task' }],
    });
  });
});

describe('a fleet request that is cancelled', () => {
  it.each(['cancelled', 'cancelled_running', 'failed'] as const)(
    '(%s) is told as such, and nothing is asked of it',
    (state) => {
      const decision = decide({ hosts: [{ id: 'i-1' }], services: [{ ...web, desiredCount: 9 }], fleet: { state } });
      expect(decision.plan).toEqual([]);
      expect(decision.report.target.reason).toBe('fleet-ended');
      expect(decision.report.scaleIn.reason).toBe('fleet-ended');
    },
  );
});

describe('old knowledge', () => {
  it('shrinks nothing, and still grows', () => {
    const old = { observedAt: NOW - 60_001 };
    const surplus: ClusterSpec = { hosts: [{ id: 'i-1' }, { id: 'i-2' }], services: [{ ...web, desiredCount: 0 }] };
    expect(decide({ ...surplus, snapshot: old }, NO_HEADROOM).plan).toEqual([]);
    expect(decide(surplus, NO_HEADROOM).plan).not.toEqual([]);
    const short = decide(
      { services: [{ ...web, desiredCount: 2 }], fleet: { targetUnits: 0 }, snapshot: old },
      NO_HEADROOM,
    );
    expect(short.plan).toMatchObject([{ kind: 'set-target', reason: 'pending-tasks' }]);
  });
});

describe('partial knowledge', () => {
  const gap = (part: Gap['part']): Gap => ({ part, why: 'listing: throttled' });
  const surplus: ClusterSpec = { hosts: [{ id: 'i-1', tasks: { web: 1 } }, { id: 'i-2' }], services: [web] };

  it.each(['fleet', 'container-instances', 'services'] as const)('without the %s decides nothing', (part) => {
    const decision = decide({ ...surplus, snapshot: { gaps: [gap(part)] } }, NO_HEADROOM);
    expect(decision.plan).toEqual([]);
    expect(decision.report.target.reason).toBe('blind');
  });

  it('without the services still tells what of the fleet takes tasks and what leaves', () => {
    const { report } = decide(
      {
        hosts: [
          { id: 'i-1' },
          { id: 'i-2', containerInstance: { status: 'DRAINING', attributes: { 'spotkeeper.retiring': 'excess' } } },
        ],
        snapshot: { gaps: [gap('services')] },
      },
      NO_HEADROOM,
    );
    const { usableUnits, leavingUnits } = report.target;
    expect([usableUnits, leavingUnits]).toEqual([2, 2]);
  });

  it.each(['tasks', 'instances', 'definitions', 'instance-types'] as const)(
    'without the %s shrinks nothing',
    (part) => {
      const decision = decide({ ...surplus, fleet: { targetUnits: 9 }, snapshot: { gaps: [gap(part)] } }, NO_HEADROOM);
      expect(decision.plan).toEqual([]);
      expect(decision.report.scaleIn.reason).toBe('blind');
    },
  );

  it('without the tasks takes no daemon for missing, and buys no room for one', () => {
    const logs = { name: 'logs', schedulingStrategy: 'DAEMON' as const, shape: { cpuUnits: 1024, memoryMiB: 512 } };
    const hosts = [{ id: 'i-1', containerInstance: { remaining: { cpuUnits: 1024, memoryMiB: 4096 } } }];
    const services = [logs, { ...web, desiredCount: 1 }];
    expect(decide({ hosts, services, snapshot: { tasks: [], gaps: [gap('tasks')] } }, NO_HEADROOM).plan).toEqual([]);
  });

  it('without the instance types has no opinion on what fits none', () => {
    const services = [{ ...web, desiredCount: 1 }];
    const snapshot = { instanceTypes: [], gaps: [gap('instance-types')] };
    const { report } = decide({ services, fleet: { targetUnits: 0 }, snapshot }, NO_HEADROOM);
    expect(report.unschedulable).toEqual([]);
    expect(report.target.reason).toBe('blind');
  });

  it('without one definition still grows for the others', () => {
    const spec: ClusterSpec = {
      services: [
        { ...web, desiredCount: 2 },
        { name: 'x', desiredCount: 1 },
      ],
      fleet: { targetUnits: 0 },
    };
    const definitions = aSnapshot(spec).definitions.slice(0, 1);
    const decision = decide({ ...spec, snapshot: { definitions, gaps: [gap('definitions')] } }, NO_HEADROOM);
    expect(decision.plan).toMatchObject([{ kind: 'set-target', reason: 'pending-tasks' }]);
  });

  it('still grows for a need it can see', () => {
    const services = [{ ...web, desiredCount: 8 }];
    const decision = decide({ ...surplus, services, snapshot: { gaps: [gap('tasks')] } }, NO_HEADROOM);
    expect(decision.plan).toMatchObject([{ kind: 'set-target', reason: 'pending-tasks' }]);
  });
});

describe('capacity that is not there', () => {
  it('a daemon task that is yet to come takes its room on old and new instances', () => {
    const logs = {
      name: 'logs',
      schedulingStrategy: 'DAEMON' as const,
      shape: { cpuUnits: 1024, memoryMiB: 512 },
      desiredCount: 1,
    };
    const decision = decide({ hosts: [{ id: 'i-1' }], services: [logs, { ...web, desiredCount: 2 }] }, NO_HEADROOM);
    expect(decision.report.shapes[0]).toMatchObject({ schedulableNow: 1, short: 1 });
  });

  it.each([
    ['a disconnected instance', { agentConnected: false }, 'disconnected'],
    ['an instance that somebody drains', { status: 'DRAINING' as const }, 'draining'],
    ['an instance that is registering', { status: 'REGISTERING' as const, registeredAt: NOW }, 'joining'],
  ])('%s offers no schedulable capacity', (_, containerInstance, standing) => {
    const decision = decide(
      { hosts: [{ id: 'i-1', containerInstance }], services: [{ ...web, desiredCount: 1 }] },
      NO_HEADROOM,
    );
    expect(decision.report.ledger[0]?.standing).toBe(standing);
    expect(decision.report.shapes[0]?.schedulableNow).toBe(0);
  });

  it('a short disconnect is no reason to buy, a long one is', () => {
    const spec = {
      hosts: [{ id: 'i-1', containerInstance: { agentConnected: false } }],
      services: [{ ...web, desiredCount: 1 }],
    };
    const short = decide(spec, NO_HEADROOM);
    expect(short.plan).toEqual([]);
    expect(short.memory.disconnectedSince).toEqual({ 'i-1': NOW });
    const long = decide(spec, NO_HEADROOM, { ...NO_MEMORY, disconnectedSince: { ['i-1' as never]: NOW - 300_001 } });
    expect(long.plan).toMatchObject([{ kind: 'set-target', targetUnits: 3 }]);
  });

  it('a young instance that is disconnected for a moment is not empty because of it', () => {
    const young = { agentConnected: false, registeredAt: NOW - 60_000 };
    const spec = {
      hosts: [{ id: 'i-1', tasks: { web: 2 }, containerInstance: young }],
      services: [{ ...web, desiredCount: 4 }],
    };
    expect(decide(spec, NO_HEADROOM).plan).toMatchObject([{ kind: 'set-target', targetUnits: 3 }]);
  });

  it('a record in ECS whose instance EC2 does not know is gone, whatever its mark', () => {
    const ghost = { id: 'i-1', isMember: false, containerInstance: retiring({ agentConnected: false }) };
    const hosts = [ghost, { id: 'i-2', tasks: { web: 1 } }, { id: 'i-3' }];
    const instances = aSnapshot({ hosts }).instances.slice(1);
    const decision = decide({ hosts, services: [web], snapshot: { instances } }, NO_HEADROOM);
    expect(decision.report.ledger[0]?.standing).toBe('gone');
    expect(decision.report.scaleIn.victims[0]?.instanceId).toBe('i-3');
  });

  it('of two records of one instance the connected one stands', () => {
    const spec = { hosts: [{ id: 'i-1' }], services: [{ ...web, desiredCount: 1 }] };
    const [record] = aSnapshot(spec).containerInstances;
    if (record === undefined) throw new Error('no record');
    const old = { ...record, arn: arnOf('old'), agentConnected: false };
    for (const containerInstances of [
      [old, record],
      [record, old],
    ]) {
      const decision = decide({ ...spec, snapshot: { containerInstances } }, NO_HEADROOM);
      expect(decision.report.ledger.map(({ standing }) => standing)).toEqual(['serving']);
    }
  });

  it('an instance that never joined is an orphan and no longer counted on', () => {
    const host = { id: 'i-1', containerInstance: null, instance: { launchedAt: NOW - 600_001 } };
    const decision = decide({ hosts: [host], services: [{ ...web, desiredCount: 1 }] }, NO_HEADROOM);
    expect(decision.report.ledger[0]?.standing).toBe('orphan');
    expect(decision.plan).toMatchObject([{ kind: 'set-target', targetUnits: 3 }]);
  });

  it('fulfilled units that the fleet does not list yet are launching, not short', () => {
    const spec = { services: [{ ...web, desiredCount: 1 }], fleet: { fulfilledUnits: 2, targetUnits: 2 } };
    expect(decide(spec, NO_HEADROOM).plan).toEqual([]);
  });

  it('a new instance is taken to register what its like have registered', () => {
    const small = { registered: { cpuUnits: 2048, memoryMiB: 4000 }, status: 'DRAINING' as const };
    const fat = { name: 'fat', shape: { cpuUnits: 100, memoryMiB: 5000 }, desiredCount: 1 };
    const fleet = { options: [{ instanceType: 'm5.large', weightUnits: 2 }] };
    const decision = decide({ hosts: [{ id: 'i-1', containerInstance: small }], services: [fat], fleet }, NO_HEADROOM);
    expect(decision.report.unschedulable).toMatchObject([{ nearestType: 'm5.large', missing: { memoryMiB: 1000 } }]);
  });
});

describe('the promise', () => {
  it('is counted in the largest task the moment a larger one appears', () => {
    const larger = { name: 'larger', shape: { cpuUnits: 2000, memoryMiB: 7000 }, desiredCount: 0, runningCount: 0 };
    const hosts = [{ id: 'i-1', tasks: { web: 1 } }, { id: 'i-2' }, { id: 'i-3' }];
    const before = decide({ hosts, services: [web, larger] });
    expect(before.report.shapes.map(({ shape, promised }) => [shape, promised])).toEqual([['1024cpu/2048MiB', 2]]);
    const after = decide({ hosts, services: [web, { ...larger, desiredCount: 1, runningCount: 1 }] });
    expect(after.report.shapes.map(({ shape, promised }) => [shape, promised])).toEqual([
      ['2000cpu/7000MiB', 2],
      ['1024cpu/2048MiB', 0],
    ]);
  });

  it('is kept for both of two shapes of which neither outdoes the other', () => {
    const wide = { name: 'wide', shape: { cpuUnits: 2000, memoryMiB: 512 }, desiredCount: 1 };
    const tall = { name: 'tall', shape: { cpuUnits: 256, memoryMiB: 7000 }, desiredCount: 1 };
    const decision = decide({ services: [wide, tall], fleet: { targetUnits: 0 } });
    expect(decision.report.shapes.every(({ isLargest, promised }) => isLargest && promised === 2)).toBe(true);
  });
});
