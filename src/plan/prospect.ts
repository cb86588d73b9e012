// What the scenarios come to: each of them packed into the cluster as it stands, and whatever is found out of that later.
// While neither the rooms nor the questions change, the answers of the newest pass are those of this one: in a cluster at
// rest a pass asks nothing twice.
import type { InstanceId } from '../model/ids.ts';
import { shapeKey } from '../model/task-shape.ts';
import type { Demand, User } from './demand.ts';
import { type Losses, type LossesInput, lossesOf } from './losses.ts';
import { losslessScenarios, type Outcome, outcomeOf, type Scenario, type ScenariosInput } from './scenario.ts';

export interface Prospect {
  /** Those without a loss, most urgent first. */
  readonly lossless: readonly Scenario[];
  readonly losses: Losses;
  /** Of every scenario that is looked at, most urgent first. */
  readonly outcomes: readonly Outcome[];
  /** Whether everything still holds without an instance, of those of whom it has been asked. */
  readonly holdsWithout: Map<InstanceId, boolean>;
}

export interface ProspectInput extends ScenariosInput, Omit<LossesInput, 'places' | 'heaviest'> {
  /** Users whose tasks fit no type: what of them runs has to find another place as well. */
  readonly unschedulable: readonly User[];
}

let newest: { readonly input: ProspectInput; readonly asked: string; readonly prospect: Prospect } | null = null;

/** The same object while the capacity is the same one, and what is asked of it is equal. */
export function prospectOf(input: ProspectInput): Prospect {
  const { capacity, policy } = input;
  const asked = questionsIn(input);
  if (newest?.asked === asked && newest.input.capacity === capacity && newest.input.policy === policy)
    return newest.prospect;
  const lossless = losslessScenarios(input);
  const losses = lossesOf(input);
  const outcomes = [...lossless, ...losses.scenarios].map((scenario) => outcomeOf(capacity, scenario));
  newest = { input, asked, prospect: { lossless, losses, outcomes, holdsWithout: new Map() } };
  return newest.prospect;
}

/** Equal for equal questions; what the capacity and the policy say is left out. */
function questionsIn({ users, unschedulable, promised, floor, expected, memory }: ProspectInput): string {
  const demand = ({ shape, count }: Demand) => [shapeKey(shape), count];
  const user = ({ group, shape, strategies, unplacedCount, surgeCount, wantedCount }: User) => {
    return [group, shapeKey(shape), strategies, unplacedCount, surgeCount, wantedCount];
  };
  const demands = [promised, floor, expected].map((each) => each.map(demand));
  return JSON.stringify([users.map(user), unschedulable.map(user), demands, memory.poolsAtRisk]);
}
