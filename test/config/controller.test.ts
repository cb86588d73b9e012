import { describe, expect, it } from 'vitest';
import { readControllerConfig } from '../../src/config/controller.ts';
import type { ConfigInput } from '../../src/config/logging.ts';
import { RETIREMENT_REASONS } from '../../src/model/attributes.ts';
import { CONTROLLER, FLEET, filesWith, messageOf } from './files.ts';

const read = (controller: string, over: Partial<ConfigInput> = {}, fleet = FLEET) => {
  const at = filesWith({ 'controller.yaml': controller, 'fleet.yaml': fleet });
  return readControllerConfig({ flags: {}, env: {}, file: at('controller.yaml'), isTerminal: false, ...over });
};
const mistakesOf = (controller: string, over: Partial<ConfigInput> = {}, fleet = FLEET): string[] =>
  messageOf(() => read(controller, over, fleet))
    .split('\n')
    .map((line) => line.replace(/^\/.*\/(?=[\w-]+\.yaml)/, ''));

const NO_ON_DEMAND = {
  baseUnits: 0,
  fallback: { afterMs: 120_000, maximumUnits: 0, maximumPricePerHour: null, pricePerUnitHour: null },
  returnAfterMs: 1_800_000,
};

describe('the controller configuration', () => {
  it('needs only a cluster and a fleet', () => {
    expect(read(CONTROLLER)).toEqual({
      cluster: 'production',
      region: null,
      schedule: '*/15 * * * * *',
      lease: {
        where: { store: 'dynamodb', table: 'spotkeeper-leases' },
        durationMs: 15_000,
        renewDeadlineMs: 10_000,
        retryPeriodMs: 2_000,
      },
      fleet: { name: 'general', id: 'sfr-1', minUnits: 2, maxUnits: 20, onDemand: NO_ON_DEMAND },
      policy: {
        mode: 'full',
        safety: { unknownShare: 0.2 },
        headroom: {
          largestTasks: 2,
          survive: 'pool',
          pins: [],
          arrivalQuantile: 0.95,
          forgetLargestMs: 86_400_000,
          floors: [],
        },
        fleet: { name: 'general', minUnits: 2, maxUnits: 20 },
        onDemand: NO_ON_DEMAND,
        retirement: {
          minimumAgeMs: 300_000,
          budgets: [{ most: { share: 0.1 }, isPerZone: false, withinMs: null }],
          quiet: [],
          consolidateEveryMs: 600_000,
          drift: 'report',
          drain: Object.fromEntries(
            RETIREMENT_REASONS.map((reason) => [reason, { limitMs: 3_600_000, end: 'give-up' }]),
          ),
          standaloneTasks: 'refuse',
        },
        interruptions: { atRiskMs: 1_800_000, storm: { notices: 2, withinMs: 180_000, lastsMs: 600_000 } },
        orphans: { response: 'terminate', disconnectedMs: 1_800_000, failuresBeforeStop: 3 },
        scaleIn: { idleMs: 300_000 },
        pendingDebounceMs: 10_000,
        joinGraceMs: 600_000,
        disconnectGraceMs: 300_000,
        isReportedByInstance: false,
      },
      status: { host: '127.0.0.1', port: 9480 },
      poke: { host: '0.0.0.0', port: 0 },
      fastLane: { periodMs: 5_000 },
      metrics: { periodMs: 60_000, isByInstance: false },
      recording: null,
      values: expect.objectContaining({ cluster: 'production', 'headroom.largestTasks': 2, 'fleet.id': 'sfr-1' }),
      logLevel: 'info',
      isPretty: false,
      notifySocket: null,
      watchdogUsec: null,
    });
  });

  it('records passes where it is told to, up to a size', () => {
    const { recording } = read(
      `${CONTROLLER}recording: { directory: /var/lib/spotkeeper/recording, maxMegabytes: 20 }\n`,
    );
    expect(recording).toEqual({ directory: '/var/lib/spotkeeper/recording', maximumBytes: 20_000_000 });
  });

  it('may be JSON', () => {
    expect(read('{"cluster": "production", "fleets": ["fleet.yaml"]}').cluster).toBe('production');
  });

  it('accepts a section that says nothing', () => {
    expect(read(`${CONTROLLER}lease:\n  # table: mine\n`).lease.durationMs).toBe(15_000);
  });

  it('takes a fleet path from the environment as it stands', () => {
    const at = filesWith({ 'elsewhere.yaml': FLEET.replace('general', 'other') });
    expect(read(CONTROLLER, { env: { SPOTKEEPER_FLEETS: at('elsewhere.yaml') } }).fleet.name).toBe('other');
  });

  it('takes true and false from a file as words, and from the environment as texts', () => {
    expect(read(`${CONTROLLER}metrics: { perInstance: true }\n`).metrics.isByInstance).toBe(true);
    expect(read(CONTROLLER, { env: { SPOTKEEPER_METRICS_PER_INSTANCE: 'true' } }).metrics.isByInstance).toBe(true);
    expect(mistakesOf(`${CONTROLLER}metrics: { perInstance: 'true' }\n`)).toEqual([
      'controller.yaml:3: metrics.perInstance: expected true or false, found "true"',
    ]);
    expect(mistakesOf(CONTROLLER, { env: { SPOTKEEPER_METRICS_PER_INSTANCE: 'yes' } })).toEqual([
      'SPOTKEEPER_METRICS_PER_INSTANCE: metrics.perInstance: expected true or false, found "yes"',
    ]);
  });

  it('keeps the lease in a file where it is told to', () => {
    const config = read(`${CONTROLLER}lease: { store: file, file: /tmp/lease.json }\n`);
    expect(config.lease.where).toEqual({ store: 'file', file: '/tmp/lease.json' });
  });

  it('keeps lease and record beside the file that names them, or where the environment says', () => {
    const text = `${CONTROLLER}lease: { store: file, file: lease }\nrecording: { directory: passes }\n`;
    const at = filesWith({ 'controller.yaml': text, 'fleet.yaml': FLEET });
    const beside = readControllerConfig({ flags: {}, env: {}, file: at('controller.yaml'), isTerminal: false });
    expect(beside.lease.where).toMatchObject({ file: at('lease') });
    expect(beside.recording).toMatchObject({ directory: at('passes') });
    const env = { SPOTKEEPER_LEASE_FILE: 'lease', SPOTKEEPER_RECORDING_DIRECTORY: 'passes' };
    const given = readControllerConfig({ flags: {}, env, file: at('controller.yaml'), isTerminal: false });
    expect(given.lease.where).toMatchObject({ file: 'lease' });
    expect(given.recording).toMatchObject({ directory: 'passes' });
  });
});

describe('a wrong controller configuration', () => {
  it('names every mistake of every file at once', () => {
    const controller = 'clutser: a\nschedule: often\nlease: { durationSeconds: long }\nfleets: [fleet.yaml]\n';
    expect(mistakesOf(controller, { env: { SPOTKEEPER_STATUS_PORT: '99999' } }, 'name: a b\nid: fleet-1\n')).toEqual([
      'controller.yaml:1: clutser: unknown key; did you mean cluster?',
      'controller.yaml:2: schedule: expected a cron schedule of six fields (second, minute, hour, day, month, weekday) such as "*/15 * * * * *", found "often"',
      'controller.yaml:3: lease.durationSeconds: expected a number of seconds from 1 to 600, found "long"',
      'SPOTKEEPER_STATUS_PORT: status.port: expected a whole number from 0 to 65535, found 99999',
      'controller.yaml: cluster: expected the name or ARN of a cluster (or set SPOTKEEPER_CLUSTER), found nothing',
      'fleet.yaml:1: name: expected a name of letters, digits, - and _, found "a b"',
      'fleet.yaml:2: id: expected the id of a Spot Fleet request, sfr-..., found "fleet-1"',
      'fleet.yaml: targetCapacity.min: expected a whole number from 0 to 10000, found nothing',
      'fleet.yaml: targetCapacity.max: expected a whole number from 1 to 10000, found nothing',
    ]);
  });

  const cases: readonly (readonly [string, string, string])[] = [
    ['a missing file of the fleet', 'cluster: a\nfleets: [none.yaml]\n', 'none.yaml: there is no such file'],
    [
      'two fleets',
      'cluster: a\nfleets: [a.yaml, b.yaml]\n',
      'controller.yaml:2: fleets: expected a list of exactly 1 (more than one fleet is not supported yet), each a path, found a list of 2',
    ],
    ['a fleet that is not in a list', 'cluster: a\nfleets: a.yaml\n', 'found "a.yaml"'],
    ['a key given twice', 'cluster: a\ncluster: b\n', 'controller.yaml:2: this key is given twice'],
    ['what is not YAML', 'cluster: [a\n', 'controller.yaml:2: not valid YAML'],
    ['an empty file', '# nothing\n', 'controller.yaml: the file is empty'],
    ['a file that is one word', 'production\n', 'controller.yaml:1: expected keys and values'],
    ['two documents in a file', 'cluster: a\n---\ncluster: b\n', 'not valid YAML'],
    [
      'an unknown key in a section',
      `${CONTROLLER}lease: { tabel: x }\n`,
      'controller.yaml:3: lease.tabel: unknown key; did you mean table?',
    ],
    ['a key that belongs in a section', `${CONTROLLER}largestTasks: 3\n`, 'did you mean headroom.largestTasks?'],
    ['a dotted key', `${CONTROLLER}lease.table: x\n`, 'controller.yaml:3: lease.table: unknown key'],
    ['a key that is no key of ours at all', `${CONTROLLER}__proto__: x\n`, 'controller.yaml:3: __proto__: unknown key'],
    [
      'a value where a section belongs',
      `${CONTROLLER}status: 9480\n`,
      'controller.yaml:3: status: expected a section with host, port, found 9480',
    ],
    [
      'a section where a value belongs',
      'cluster: { name: a }\nfleets: [fleet.yaml]\n',
      'controller.yaml:1: cluster: expected the name or ARN of a cluster, found a section',
    ],
    ['an alias to nowhere', 'cluster: *a\n', 'not valid YAML'],
    [
      'a lease that outlives its duration',
      `${CONTROLLER}lease:\n  renewDeadlineSeconds: 20\n`,
      'controller.yaml:4: lease.renewDeadlineSeconds: expected less than lease.durationSeconds (15), found 20',
    ],
    [
      'the same for a lease in a file',
      `${CONTROLLER}lease:\n  { store: file, file: /tmp/lease, durationSeconds: 5, renewDeadlineSeconds: 5, retryPeriodSeconds: 1 }\n`,
      'controller.yaml:4: lease.renewDeadlineSeconds: expected less than lease.durationSeconds (5), found 5',
    ],
    [
      'a retry as long as the deadline',
      `${CONTROLLER}lease:\n  retryPeriodSeconds: 10\n`,
      'controller.yaml:4: lease.retryPeriodSeconds: expected less than lease.renewDeadlineSeconds (10), found 10',
    ],
    [
      'a file lease without a file',
      `${CONTROLLER}lease: { store: file }\n`,
      'lease.file: expected a path, because lease.store is file, found nothing',
    ],
  ];

  it.each(cases)('says so for %s', (_name, controller, expected) => {
    expect(mistakesOf(controller).join('\n')).toContain(expected);
  });

  it('says so for a maximum below the minimum', () => {
    const fleet = 'name: a\nid: sfr-1\ntargetCapacity:\n  min: 5\n  max: 4\n';
    expect(mistakesOf(CONTROLLER, {}, fleet)).toEqual([
      'fleet.yaml:5: targetCapacity.max: expected at least targetCapacity.min (5), found 4',
    ]);
  });

  it('says so for a base of On-Demand above the minimum, and for a bound of a price that nobody knows', () => {
    const fleet = 'name: a\nid: sfr-1\ntargetCapacity: { min: 1, max: 4 }\nonDemand:\n  base: 2\n';
    const bound = '  fallback: { maximumUnits: 2, maximumPricePerHour: 1 }\n';
    expect(mistakesOf(CONTROLLER, {}, `${fleet}${bound}`)).toEqual([
      'fleet.yaml:5: onDemand.base: expected at most targetCapacity.min (1), found 2',
      expect.stringContaining('onDemand.pricePerUnitHour: expected a price, because'),
    ]);
    const good = `${fleet.replace('base: 2', 'base: 1')}${bound}  pricePerUnitHour: 0.1\n`;
    expect(read(CONTROLLER, {}, good).policy.onDemand).toMatchObject({ baseUnits: 1, fallback: { maximumUnits: 2 } });
  });

  it('says so for a file that is not there and asks for nothing else', () => {
    expect(mistakesOf(CONTROLLER, { file: '/nowhere/controller.yaml' })).toEqual([
      'controller.yaml: there is no such file',
    ]);
  });

  it('says so for a directory', () => {
    expect(mistakesOf(CONTROLLER, { file: '/' })).toEqual(['/: this is a directory, expected a file']);
  });

  it('says what is missing where there is no file at all', () => {
    expect(mistakesOf(CONTROLLER, { file: null })).toContain(
      'configuration: cluster: expected the name or ARN of a cluster (or set SPOTKEEPER_CLUSTER), found nothing',
    );
  });
});
