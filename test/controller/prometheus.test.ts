import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expositionOf, GAUGES, type Scrape } from '../../src/controller/prometheus.ts';
import type { PlanReport } from '../../src/plan/report.ts';
import { readExposition } from '../support/exposition.ts';
import { aLine, anUnschedulable, aReport, aShape } from '../support/report-builder.ts';

const page = async (report: Partial<PlanReport> | null, over: Partial<Scrape> = {}) => {
  const { text } = await expositionOf({
    cluster: 'production',
    fleet: 'general',
    isLeader: true,
    lastPassAt: 1_700_000_000_500,
    result: report === null ? null : { report: aReport(report), placementFailures: 3 },
    isByInstance: false,
    ...over,
  });
  return readExposition(text);
};

const named = (series: Awaited<ReturnType<typeof page>>['series'], name: string) =>
  series.filter((one) => one.name === name);

describe('the page for Prometheus', () => {
  it('gives every gauge with its HELP and TYPE, whether it has a sample or not', async () => {
    const { help, type } = await page({});
    expect([...help]).toEqual(Object.entries(GAUGES).map(([name, { help: text }]) => [name, text]));
    expect([...new Set(type.values())]).toEqual(['gauge']);
  });

  it('names the cluster on every sample', async () => {
    const { series } = await page({});
    expect(new Set(series.map(({ labels }) => labels.cluster))).toEqual(new Set(['production']));
  });

  it('tells of room by largest shape, and of what waits by every shape', async () => {
    const shapes = [
      aShape({ shape: 'a', schedulableNow: 3, inFlight: 1, afterLoss: { pool: 'p', schedulable: 2 } }),
      aShape({ shape: 'b', isLargest: false, pending: 4, short: 1 }),
    ];
    const { series } = await page({ shapes });
    const byShape = (name: string) =>
      Object.fromEntries(named(series, name).map((one) => [one.labels.shape, one.value]));
    expect(byShape('spotkeeper_schedulable_tasks')).toEqual({ a: 3 });
    expect(byShape('spotkeeper_in_flight_tasks')).toEqual({ a: 1 });
    expect(byShape('spotkeeper_promised_tasks')).toEqual({ a: 2 });
    expect(byShape('spotkeeper_after_loss_tasks')).toEqual({ a: 2 });
    expect(byShape('spotkeeper_pending_tasks')).toEqual({ a: 0, b: 4 });
    expect(byShape('spotkeeper_short_tasks')).toEqual({ a: 0, b: 1 });
  });

  it('tells of the fleet in units, of times in seconds, and counts what stands where', async () => {
    const { series } = await page({
      ledger: [aLine('i-1'), aLine('i-2', { standing: 'orphan' })],
      unschedulable: [anUnschedulable()],
    });
    const value = (name: string, labels: Record<string, string> = {}) =>
      series.find((one) => one.name === name && Object.entries(labels).every(([key, text]) => one.labels[key] === text))
        ?.value;
    expect(value('spotkeeper_target_units', { fleet: 'general' })).toBe(6);
    expect(value('spotkeeper_last_pass_timestamp_seconds')).toBe(1_700_000_000.5);
    expect(value('spotkeeper_lead_time_seconds', { quantile: '0.95' })).toBe(180);
    expect(value('spotkeeper_instances', { standing: 'orphan' })).toBe(1);
    expect(value('spotkeeper_instances', { standing: 'noticed' })).toBe(0);
    expect(value('spotkeeper_unschedulable_shapes')).toBe(1);
    expect(value('spotkeeper_placement_failures')).toBe(3);
  });

  it('tells of single instances only when asked', async () => {
    const report = { ledger: [aLine('i-1', { schedulable: [7] }), aLine('i-2', { standing: 'gone' })] };
    const name = 'spotkeeper_instance_schedulable_tasks';
    expect(named((await page(report)).series, name)).toEqual([]);
    expect(named((await page(report, { isByInstance: true })).series, name)).toEqual([
      { name, labels: { cluster: 'production', instance_id: 'i-1', shape: '1024cpu/2048MiB' }, value: 7 },
    ]);
  });

  it('of a standby says that it stands by and when it last had a pass, and nothing of the cluster as it once was', async () => {
    const { series } = await page({}, { isLeader: false });
    expect(series.map(({ name, value }) => [name, value])).toEqual([
      ['spotkeeper_leader', 0],
      ['spotkeeper_last_pass_timestamp_seconds', 1_700_000_000.5],
    ]);
  });

  it('of a leader without a pass says only that it leads', async () => {
    const { series } = await page(null, { lastPassAt: null });
    expect(series.map(({ name, value }) => [name, value])).toEqual([['spotkeeper_leader', 1]]);
  });

  it('has no zeros for what could not be seen', async () => {
    const target = { ...aReport().target, reason: 'blind' } as const;
    const { series } = await page({ target, gaps: [{ part: 'services', why: 'x' }] });
    // What holds it back is known also when nothing is seen.
    expect(new Set(series.map(({ name }) => name))).toEqual(
      new Set([
        'spotkeeper_leader',
        'spotkeeper_last_pass_timestamp_seconds',
        'spotkeeper_unseen_parts',
        'spotkeeper_held',
        'spotkeeper_frozen',
        'spotkeeper_held_actions',
      ]),
    );
  });

  it('keeps any text in a label as it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (shape) => {
        const { series } = await page({ shapes: [aShape({ shape })] });
        expect(named(series, 'spotkeeper_pending_tasks')[0]?.labels.shape).toBe(shape);
      }),
    );
  });
});

describe('the reader of the tests refuses', () => {
  const good = '# HELP a b\n# TYPE a gauge\n';
  it.each([
    ['a sample without HELP and TYPE', 'a 1\n'],
    ['a label that is not escaped', `${good}a{b="c"d"} 1\n`],
    ['the same series twice', `${good}a{b="c"} 1\na{b="c"} 2\n`],
    ['HELP twice', `${good}# HELP a c\n`],
    ['a value that is no number', `${good}a x\n`],
    ['a page cut short', `${good}a 1`],
  ])('%s', (_what, text) => {
    expect(() => readExposition(text)).toThrow();
  });
});
