// What the product costs: one plan over clusters of every size, the kernel beside a plain first fit and the optimum, a
// mix after Karpenter's, an agent at rest, at a notice, from a notice to the raised target, a thousand of them noticed at
// once, and a simulated week. Prints tables and the same figures as JSON; it judges nothing.
//
//   npm run bench                     all of it, some minutes
//   npm run bench -- --quick          small clusters, a few runs: that it works at all
//   npm run bench -- --only plan      one part; may be repeated
//   npm run bench -- --write          the figures into bench/results/plan.json, too
import { mkdirSync, writeFileSync } from 'node:fs';
import { measureAgent } from './agent-at-rest.ts';
import { type Crowd, runCrowd } from './agent-crowd.ts';
import { type AgentDay, measureDay } from './agent-day.ts';
import { measureNotices } from './agent-notice.ts';
import { measureStorm } from './agent-storm.ts';
import { MIX_SIZES, type MixTime, measureMix } from './karpenter.ts';
import { type LossTime, measureLosses } from './loss-time.ts';
import { machine } from './machine.ts';
import type { Effort } from './measure.ts';
import { measureNoticeToTarget, noticeToTargetTable } from './notice-to-target.ts';
import { measureObserve, OBSERVE_SIZES, type ObserveCost, observeTable } from './observe.ts';
import { clusterSizes, effortOf, type Options, type PartName, readOptions } from './options.ts';
import { answer, type Errand, inOwnProcess } from './own-process.ts';
import { measurePackingGap } from './packing-gap.ts';
import { measurePacking, type PackingTime } from './packing-time.ts';
import { complaintOf, measurePlan, type PlanTime } from './plan-time.ts';
import {
  agentTable,
  gapTable,
  lossTable,
  mixTable,
  noticeTable,
  packingTable,
  planTable,
  stormTable,
} from './tables.ts';
import { measureWeek, type Week, weekTable } from './week.ts';
import type { ClusterSize } from './workloads/cluster.ts';

const GAP_CASES = 20_000;
const MOST_WAITING = 1_000;
const RESULTS = 'bench/results';

type ErrandName = 'plan' | 'packing' | 'losses' | 'day' | 'crowd' | 'week';

interface Measured {
  readonly table: string;
  readonly figures: unknown;
}

async function measureAll(asked: Options): Promise<void> {
  const figures: Record<string, unknown> = { machine: machine(), seed: asked.seed, quick: asked.quick };
  for (const name of asked.parts) {
    const { table, figures: ofPart } = await PART[name](asked);
    console.log(`${table}\n`);
    figures[name] = ofPart;
  }
  console.log(JSON.stringify(figures));
  if (!asked.write) return;
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(`${RESULTS}/plan.json`, `${JSON.stringify(figures, null, 1)}\n`);
}

const PART: Readonly<Record<PartName, (asked: Options) => Promise<Measured>>> = {
  plan: async (asked) => {
    const rows = await eachInOwnProcess<PlanTime>('plan', asked);
    const complaint = rows.map(complaintOf).find((each) => each !== null);
    if (complaint !== undefined) throw new Error(`the bench measures nothing: ${complaint}`);
    return { table: planTable(rows), figures: rows };
  },
  packing: async (asked) => {
    const rows = await eachInOwnProcess<PackingTime>('packing', asked);
    return { table: packingTable(rows), figures: rows };
  },
  losses: async (asked) => {
    const rows = await eachInOwnProcess<LossTime>('losses', asked);
    return { table: lossTable(rows), figures: rows };
  },
  mix: async (asked) => {
    const sizes = asked.quick ? MIX_SIZES.slice(0, 4) : MIX_SIZES;
    const rows = sizes.map((tasks): MixTime => measureMix(tasks, asked.seed, effortOf(asked)));
    return { table: mixTable(rows), figures: rows };
  },
  gap: async ({ quick, seed }) => {
    const gap = measurePackingGap(quick ? GAP_CASES / 10 : GAP_CASES, seed);
    return { table: gapTable(gap), figures: gap };
  },
  observe: async ({ quick, seed }) => {
    const rows: ObserveCost[] = [];
    for (const size of quick ? OBSERVE_SIZES.slice(0, 2) : OBSERVE_SIZES) rows.push(await measureObserve(size, seed));
    return { table: observeTable(rows), figures: rows };
  },
  agent: async () => {
    if (process.platform !== 'linux') return { table: 'agent at rest: skipped, it is read from /proc', figures: null };
    const [agent, day] = [await measureAgent(), await inOwnProcess<AgentDay>({ name: 'day', input: null })];
    return { table: agentTable(agent, day), figures: { ...agent, day } };
  },
  notice: async ({ quick }) => {
    const figures = await measureNotices(quick ? 16 : 200);
    return { table: noticeTable(figures), figures };
  },
  'notice-to-target': async ({ quick }) => {
    const figures = await (quick ? measureNoticeToTarget(8, 4) : measureNoticeToTarget(104, 48));
    return { table: noticeToTargetTable(figures), figures };
  },
  storm: async ({ quick, seed }) => {
    const figures = await measureStorm(quick ? 200 : 1_000, seed);
    return { table: stormTable(figures), figures };
  },
  week: async ({ quick, seed }) => {
    const figures = await inOwnProcess<Week>({ name: 'week', input: { days: quick ? 1 : 7, seed } });
    return { table: weekTable(figures), figures };
  },
};

interface ClusterErrand {
  readonly size: ClusterSize;
  readonly seed: number;
  readonly effort: Effort;
}

async function eachInOwnProcess<Answer>(name: ErrandName, asked: Options): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const size of clusterSizes(asked)) {
    const input: ClusterErrand = { size, seed: asked.seed, effort: effortOf(asked) };
    console.error(`${name}: ${Object.values(size).join('/')}`);
    answers.push(await inOwnProcess<Answer>({ name, input }));
  }
  return answers;
}

async function errandFor({ name, input }: Errand<ErrandName>): Promise<unknown> {
  // Whoever sent it is this same program, so the input is what the errand of this name takes.
  const ofCluster = input as ClusterErrand;
  switch (name) {
    case 'plan':
      return measurePlan(ofCluster.size, ofCluster.seed, ofCluster.effort);
    case 'packing': {
      const { size, seed, effort } = ofCluster;
      return measurePacking(size, Math.min(MOST_WAITING, size.tasks / 20), seed, effort);
    }
    case 'losses':
      return measureLosses(ofCluster.size, ofCluster.seed, ofCluster.effort);
    case 'day':
      return measureDay();
    case 'crowd':
      return runCrowd(input as Crowd);
    case 'week': {
      const { days, seed } = input as { days: number; seed: number };
      return measureWeek(days, seed);
    }
    default:
      throw new Error(`there is no errand ${name satisfies never}`);
  }
}

const options = readOptions(process.argv.slice(2));
// What is in --one was written by this same program.
if (options.one !== null) answer(await errandFor(JSON.parse(options.one) as Errand<ErrandName>));
else await measureAll(options);
