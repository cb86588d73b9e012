// `spotkeeper plan` and `spotkeeper status`, the bundled command against the sandbox: what an operator sees, and what is
// said when something is wrong.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PlanReport } from '../../src/plan/report.ts';
import { createFileLeaseStore } from '../../src/runtime/file-lease.ts';
import { systemClock } from '../../src/runtime/system-clock.ts';
import type { FleetRequest } from '../../src/world/ec2/fleet-spec.ts';
import { filesWith } from '../config/files.ts';
import { type Finished, runCommand } from '../support/run-command.ts';
import { type SmallCloud, startSmallCloud } from '../support/small-cloud.ts';
import { until } from '../support/until.ts';

let cloud: SmallCloud;
beforeEach(async () => {
  cloud = await startSmallCloud();
});
afterEach(() => cloud.close());

interface Over {
  readonly cluster?: string;
  readonly fleet?: string;
  readonly minUnits?: number;
  readonly lease?: string;
  readonly largestTasks?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** A variable to leave out. */
  readonly without?: string;
}

/** Runs `plan` or `status` with a configuration for the small cloud. */
function run(args: readonly string[], over: Over = {}): Promise<Finished> {
  const at = filesWith({
    'controller.yaml': `cluster: ${over.cluster ?? 'small'}\nfleets: [fleet.yaml]\nlease: ${over.lease ?? '{ store: file, file: LEASE }'}\nheadroom: { largestTasks: ${over.largestTasks ?? 1} }\nretirement: { minimumAgeSeconds: 0 }\n`,
    'fleet.yaml': `name: general\nid: ${over.fleet ?? cloud.fleetId}\ntargetCapacity: { min: ${over.minUnits ?? 2}, max: 20 }\n`,
  });
  const env = {
    SPOTKEEPER_CONFIG: at('controller.yaml'),
    SPOTKEEPER_LEASE_FILE: at('lease'),
    ...cloud.sandbox.environmentFor('operator'),
    ...over.env,
  };
  return runCommand(args, Object.fromEntries(Object.entries(env).filter(([name]) => name !== over.without)));
}

const reportOf = ({ stdout }: Finished): PlanReport => JSON.parse(stdout).report;

async function serve(
  name: string,
  size: { cpuUnits: number; memoryMiB: number; desiredCount: number },
  running: number,
) {
  cloud.addService(name, size);
  await until(`${running} tasks of ${name} to run`, () => runningTasks() >= running);
}

const runningTasks = (): number =>
  cloud.sandbox.driver.inPresent(
    () => [...cloud.cluster.tasks.values()].filter((task) => task.lastStatus === 'RUNNING').length,
  );

describe('spotkeeper plan', () => {
  it('explains a shortage: tasks that wait, the units that are short and the target that follows', async () => {
    await serve('web', { cpuUnits: 1024, memoryMiB: 1024, desiredCount: 6 }, 4);
    const finished = await run(['plan', '--json'], { largestTasks: 0 });
    expect(finished).toMatchObject({ code: 0, stderr: '' });
    const { plan, report, observedAt } = JSON.parse(finished.stdout);
    expect(observedAt).toBe(report.observedAt);
    expect(report.shapes).toMatchObject([
      { shape: '1024cpu/1024MiB', pending: 2, promised: 0, schedulableNow: 0, short: 2 },
    ]);
    expect(report.target).toMatchObject({ reason: 'pending-tasks', presentUnits: 4 });
    expect(report.scaleIn.reason).toBe('shortage');
    expect(plan).toMatchObject([{ kind: 'set-target', reason: 'pending-tasks', fromUnits: 4 }]);
  });

  it('explains a promise that is not kept although every task has its place', async () => {
    await serve('web', { cpuUnits: 1024, memoryMiB: 1024, desiredCount: 4 }, 4);
    const report = reportOf(await run(['plan', '--json']));
    expect(report.target.reason).toBe('promised-room');
    expect(report.shapes).toMatchObject([{ pending: 0, promised: 1, short: 1 }]);
  });

  it('explains a surplus that the leader would have to watch for a while', async () => {
    await serve('web', { cpuUnits: 256, memoryMiB: 256, desiredCount: 1 }, 1);
    const report = reportOf(await run(['plan', '--json']));
    expect(report.scaleIn).toMatchObject({ reason: 'surplus-too-young', victims: [] });
    expect(report.target.reason).toBe('keep');
  });

  it('prints the same for people, every reason in words', async () => {
    await serve('web', { cpuUnits: 1024, memoryMiB: 1024, desiredCount: 6 }, 4);
    const { code, stdout } = await run(['plan'], { largestTasks: 0 });
    expect(code).toBe(0);
    expect(stdout).toContain('Cluster   small, seen ');
    expect(stdout).toMatch(/Target {4}4 -> \d+ units: tasks that ECS wants running have no place \[pending-tasks\]/);
    expect(stdout).toContain(`1. set the target capacity of ${cloud.fleetId} from 4 to `);
  });

  it('changes nothing', async () => {
    await serve('web', { cpuUnits: 1024, memoryMiB: 1024, desiredCount: 6 }, 4);
    await run(['plan']);
    const actions = cloud.sandbox.log.records.map(({ action }) => action);
    expect(actions.filter((action) => !/^(Describe|List|Get)/.test(action))).toEqual([]);
  });

  it('ends with 1 when a part could not be seen, and prints the rest', async () => {
    cloud.sandbox.faults.add({ service: 'ecs', action: 'ListServices', effect: { kind: 'throttle' } });
    const { code, stdout } = await run(['plan']);
    expect(code).toBe(1);
    expect(stdout).toContain('Could not see\n  the services: listing services of cluster small: ThrottlingException');
    expect(stdout).toContain('[blind]');
    expect(stdout).toMatch(/^Fleet {5}target 4, fulfilled 4, usable 4, leaving 0, short unknown/m);
    expect(stdout).toContain('What there is to do is not known: the services not seen.');
  });
});

describe('spotkeeper status', () => {
  it('shows where every instance stands, and that nobody has led', async () => {
    const { code, stdout, stderr } = await run(['status']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('Leader    nobody has led yet');
    expect(stdout.match(/^i-\w+ +m5\.large +us-east-1a +2 +0 +serving/gm)).toHaveLength(2);
    expect(stdout).toContain('2 instances: 2 serving');
  });

  it('says which services do not keep off cordoned instances, and who is cordoned', async () => {
    await serve('web', { cpuUnits: 256, memoryMiB: 256, desiredCount: 1 }, 1);
    const [first] = [...cloud.cluster.containerInstances.values()];
    const id = first?.ec2.id ?? '';
    cloud.sandbox.driver.inPresent(() => first?.attributes.set('spotkeeper.cordoned', 'operator'));
    const { stdout } = await run(['status']);
    expect(stdout).toContain('1 of 1 services place tasks on instances that are cordoned or not ready: web');
    expect(stdout).toContain(`cordoned: 1 (${id} by operator)`);
    expect(JSON.parse((await run(['status', '--json'])).stdout).guard).toMatchObject({
      withoutCordon: ['web'],
      cordoned: [{ instanceId: id, by: 'operator' }],
    });
  });

  it('prints one JSON document', async () => {
    const { stdout } = await run(['status', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ lease: { kept: null }, report: { cluster: 'small' } });
  });

  it('tells a leader that renews its lease from one that has died', async () => {
    const file = filesWith({ other: '' })('lease');
    const env = { SPOTKEEPER_LEASE_FILE: file };
    const record = (version: string) => ({ holder: 'host/1/ab', leaseDurationMs: 15_000, version, isReleased: false });
    const store = createFileLeaseStore(file);
    await store.write(record('0'), null);
    const dead = await run(['status'], { env });
    expect(dead.code).toBe(0);
    expect(dead.stdout).toContain('Leader    not seen to be alive: held last by host/1/ab, not renewed');
    let version = 0;
    const ended = new AbortController();
    const renewing = (async () => {
      for (; !ended.signal.aborted; version += 1) {
        await store.write(record(`${version + 1}`), `${version}`);
        await systemClock.sleep(100, ended.signal);
      }
    })();
    const alive = await run(['status'], { env });
    expect(alive.stdout).toContain('Leader    host/1/ab, renewed just now (lease of 15 s)');
    expect(JSON.parse((await run(['status', '--json'], { env })).stdout).lease).toMatchObject({
      kept: { holder: 'host/1/ab' },
      isRenewed: true,
    });
    ended.abort();
    await renewing;
  });

  it('ends with 2 and the command that makes the lease table when there is none', async () => {
    const { code, stderr } = await run(['status'], { lease: '{ store: dynamodb, table: missing-table }' });
    expect(code).toBe(2);
    expect(stderr).toContain(
      'spotkeeper: [lease-table-missing] the lease table missing-table does not exist; start with --create-lease-table (spotkeeper controller --create-lease-table), or create it with: aws dynamodb create-table --table-name missing-table',
    );
  });
});

describe('a look at what is not there or not fit', () => {
  it.each([
    ['an unknown cluster', { cluster: 'nowhere' }, 'nowhere'],
    ['an unknown fleet', { fleet: 'sfr-00000000-0000-0000-0000-000000000000' }, 'sfr-00000000'],
    ['an unknown access key', { env: { AWS_ACCESS_KEY_ID: 'AKIAUNKNOWN' } }, 'cluster small'],
    ['no region', { without: 'AWS_REGION', env: { HOME: '/nonexistent' } }, 'Region is missing'],
  ] as const)('ends with 2 and one line for %s', async (_name, over, expected) => {
    const { code, stdout, stderr } = await run(['plan'], over);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(/^spotkeeper: \[[a-z-]+\] /);
    expect(stderr).toContain(expected);
  });

  it.each([
    [
      'is not of type maintain',
      { type: 'request', excessCapacityTerminationPolicy: 'noTermination' },
      'is of type request',
      [],
    ],
    [
      'would choose victims',
      { excessCapacityTerminationPolicy: 'default' },
      '--excess-capacity-termination-policy noTermination',
      ['fleet-may-terminate'],
    ],
  ] as const)(
    'shows everything of a fleet that %s, with the fix',
    async (_name, fleet: Partial<FleetRequest>, fix, found) => {
      const { driver, world } = cloud.sandbox;
      const id = driver.inPresent(() =>
        world.ec2.addFleet({
          targetUnits: 0,
          overrides: [{ instanceType: 'm5.large', zone: 'us-east-1a', weightUnits: 2 }],
          clusterName: 'small',
          ...fleet,
        }),
      );
      for (const command of ['plan', 'status']) {
        const { code, stdout, stderr } = await run([command], { fleet: id });
        expect([code, stderr]).toEqual([0, '']);
        expect(stdout.replace(/\s+/g, ' ')).toMatch(new RegExp(`UNFIT a controller would not start: .*${fix}`));
        expect(stdout).toContain('Fleet     target 0, ');
        const { unfit, report } = JSON.parse((await run([command, '--json'], { fleet: id })).stdout);
        expect(unfit).toContain(fix);
        expect(report.conflicts.map(({ kind }: { kind: string }) => kind)).toEqual(found);
        for (const kind of found) expect(stdout).toMatch(new RegExp(`^CONFLICT  .*\\[${kind}\\]`, 'm'));
      }
    },
  );
});
