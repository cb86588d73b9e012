// One pass as the plain data that is recorded, and back. A frame may be kept: what the observer moves in place (`seenAt`
// of container instances, src/model/snapshot.ts) is copied out of the snapshot into a column of its own.
import type { ContainerInstance } from '../../model/container-instance.ts';
import type { Plan } from '../../plan/plan.ts';
import type { PlanInput } from '../../plan/plan-input.ts';
import type { PlanReport } from '../../plan/report.ts';
import type { Json } from './difference.ts';

/** All there is to know of a pass: planned again from `input`, it gives the same plan and the same report. */
export interface RecordedPass {
  readonly input: PlanInput;
  readonly plan: Plan;
  readonly report: PlanReport;
  /** Why the plan could not be carried out to its end, in words; null when it was. */
  readonly failure: string | null;
}

interface Frame extends RecordedPass {
  /** Of the snapshot's container instances, in their order: an instant and how many have it. */
  readonly seenAt: readonly (readonly [at: number, count: number])[];
}

/** To be called before the next observation; from then on the frame does not change. */
export function frameOf({ input, plan, report, failure }: RecordedPass): Json {
  const { containerInstances } = input.snapshot;
  const frame: Frame = {
    input: { ...input, snapshot: { ...input.snapshot, containerInstances: containerInstances.map(withoutSeenAt) } },
    plan,
    report,
    failure,
    seenAt: runsOf(containerInstances.map(({ seenAt }) => seenAt)),
  };
  // Plain data by contract (src/model/snapshot.ts, src/plan/): the compiler cannot see that an interface has no methods.
  return frame as unknown as Json;
}

/** @param frame as `frameOf` made it */
export function passOf(frame: Json): RecordedPass {
  // It was written by frameOf in the same format, which the first line of each file says.
  const { input, plan, report, failure, seenAt } = frame as unknown as Frame;
  const instants = seenAt.flatMap(([at, count]) => Array.from({ length: count }, () => at));
  const containerInstances = input.snapshot.containerInstances.map((bare, index) => ({
    ...bare,
    seenAt: instants[index] ?? bare.seenAt,
  }));
  return { input: { ...input, snapshot: { ...input.snapshot, containerInstances } }, plan, report, failure };
}

// An instance that did not change stays the same object, and so does its copy: the difference sees that at a glance.
const bareOf = new WeakMap<ContainerInstance, ContainerInstance>();

function withoutSeenAt(instance: ContainerInstance): ContainerInstance {
  const known = bareOf.get(instance);
  if (known !== undefined) return known;
  const bare = { ...instance, seenAt: 0 };
  bareOf.set(instance, bare);
  return bare;
}

function runsOf(instants: readonly number[]): [number, number][] {
  const runs: [number, number][] = [];
  for (const at of instants) {
    const last = runs.at(-1);
    if (last?.[0] === at) last[1] += 1;
    else runs.push([at, 1]);
  }
  return runs;
}
