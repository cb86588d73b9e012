// How far the greedy kernel is from the optimum, over thousands of small cases that an exhaustive search answers exactly:
// how often it needs one instance more than would do, and how often it finds no place where there is one.

import { shapeKey } from '../src/model/task-shape.ts';
import { instancesToHold } from '../src/plan/capacity/instances-to-hold.ts';
import { pack } from '../src/plan/capacity/pack.ts';
import { tableOf } from '../src/plan/capacity/table.ts';
import { seededRng } from '../src/world/seeded-rng.ts';
import { canHold, leastToHold, type SmallInstance, type Wanted } from '../test/support/exhaustive.ts';
import { anEmptyCase, aPerfectCase, aSmallCase, roomOf } from '../test/support/small-cases.ts';

export interface PackingGap {
  readonly cases: number;
  /** Demands put on equal empty instances: how many a lower number would hold. */
  readonly buying: {
    readonly solvable: number;
    readonly oneMore: number;
    readonly moreThanOne: number;
    /** A number of instances that cannot hold it. Any at all is a bug. */
    readonly tooFew: number;
    /** Instances bought over the least possible, 0.01 for one percent. */
    readonly surplus: number;
  };
  /** Demands put on a few half-filled instances. */
  readonly placing: {
    readonly solvable: number;
    readonly wrongNo: number;
    /** It claims to place what cannot be placed. Any at all is a bug. */
    readonly wrongYes: number;
  };
  /** Demands cut out of full instances with nothing left over, so that only a perfect packing is optimal. */
  readonly perfect: { readonly oneMore: number; readonly moreThanOne: number };
}

/** @param cases of each of the two kinds */
export function measurePackingGap(cases: number, seed: number): PackingGap {
  return {
    cases,
    buying: measureBuying(cases, seed),
    placing: measurePlacing(cases, seed + 1),
    perfect: measurePerfect(cases, seed + 2),
  };
}

function measureBuying(cases: number, seed: number): PackingGap['buying'] {
  const rng = seededRng(seed);
  const tally = { solvable: 0, oneMore: 0, moreThanOne: 0, tooFew: 0 };
  let [bought, least] = [0, 0];
  for (let run = 0; run < cases; run += 1) {
    const { empty, wanted } = anEmptyCase(rng);
    const exact = leastToHold(empty, wanted);
    const greedy = kernelNeeds(empty, wanted);
    if (exact === null || greedy === null) {
      if (exact !== greedy) tally.tooFew += 1;
      continue;
    }
    tally.solvable += 1;
    bought += greedy;
    least += exact;
    if (greedy < exact) tally.tooFew += 1;
    if (greedy === exact + 1) tally.oneMore += 1;
    if (greedy > exact + 1) tally.moreThanOne += 1;
  }
  return { ...tally, surplus: bought / least - 1 };
}

function measurePlacing(cases: number, seed: number): PackingGap['placing'] {
  const rng = seededRng(seed);
  const tally = { solvable: 0, wrongNo: 0, wrongYes: 0 };
  for (let run = 0; run < cases; run += 1) {
    const { instances, wanted } = aSmallCase(rng);
    const [exact, greedy] = [canHold(instances, wanted), kernelHolds(instances, wanted)];
    if (exact) tally.solvable += 1;
    if (exact && !greedy) tally.wrongNo += 1;
    if (greedy && !exact) tally.wrongYes += 1;
  }
  return tally;
}

function measurePerfect(cases: number, seed: number): PackingGap['perfect'] {
  const rng = seededRng(seed);
  const tally = { oneMore: 0, moreThanOne: 0 };
  for (let run = 0; run < cases; run += 1) {
    const { empty, wanted, instances } = aPerfectCase(rng);
    const greedy = kernelNeeds(empty, wanted) ?? 0;
    if (greedy === instances + 1) tally.oneMore += 1;
    if (greedy > instances + 1) tally.moreThanOne += 1;
  }
  return tally;
}

/** The kernel's answer to `leastToHold`. */
export function kernelNeeds(empty: SmallInstance, wanted: readonly Wanted[]): number | null {
  const { table, counts } = questionOf([roomOf(empty, null)], wanted);
  return instancesToHold(table, 0, counts);
}

/** The kernel's answer to `canHold`. */
export function kernelHolds(instances: readonly SmallInstance[], wanted: readonly Wanted[]): boolean {
  const { table, counts } = questionOf(instances.map(roomOf), wanted);
  return pack(table, table.free, counts).unplacedTasks === 0;
}

/** The table the kernel asks for: its columns are distinct shapes in a stable order. */
export function questionOf(rooms: Parameters<typeof tableOf>[0], wanted: readonly Wanted[]) {
  const byKey = new Map<string, Wanted>();
  for (const { shape, count } of wanted) {
    const before = byKey.get(shapeKey(shape));
    byKey.set(shapeKey(shape), { shape, count: count + (before?.count ?? 0) });
  }
  const columns = [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
  const table = tableOf(
    rooms,
    columns.map(({ shape }) => shape),
  );
  return { table, counts: Int32Array.from(columns, ({ count }) => count) };
}
