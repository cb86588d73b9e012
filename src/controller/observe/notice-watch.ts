// Whether somebody has been told that it ends, between two observations: a call when nobody carries a mark, two when some
// do. It remembers what each was told, so a notice is new once; and what ends for good is not asked again what it was told.
import { ATTRIBUTE, parseEnding } from '../../model/attributes.ts';
import type { ContainerInstanceArn } from '../../model/ids.ts';
import { type ClusterReads, MOST } from '../../ports/cluster-reads.ts';
import { type Budgets, canAffordAnotherRound, canOweAnotherRound } from './budgets.ts';
import { firstPages } from './sweep.ts';

// When more are marked the loss is a large one, and observations find the rest in any case.
const MOST_PAGES = 5;

export class NoticeWatch {
  readonly #cluster: ClusterReads;
  readonly #budgets: Budgets;
  /** What those who are marked were told, as it was written; undefined where that is nothing. */
  #told: ReadonlyMap<ContainerInstanceArn, string | undefined> = new Map();

  constructor(cluster: ClusterReads, budgets: Budgets) {
    this.#cluster = cluster;
    this.#budgets = budgets;
  }

  /** AWS was busy lately: what can wait, waits. */
  get isPressed(): boolean {
    return this.#budgets.clusterResources.isPressed();
  }

  /** Another observation like the last would keep within our share of what AWS allows. */
  get canAffordPass(): boolean {
    return !this.isPressed && canAffordAnotherRound(this.#budgets);
  }

  /** The same for a pass that is urgent: what it costs may be owed, up to a quarter of a full bucket. */
  get canOwePass(): boolean {
    return !this.isPressed && canOweAnotherRound(this.#budgets);
  }

  /**
   * Whether a notice is there that was not at the last look, or says something else. Spends at most six calls, and counts
   * them. @throws Failure
   */
  async look(signal?: AbortSignal): Promise<boolean> {
    const { ids } = await firstPages(MOST_PAGES, (page) =>
      this.#budgets.clusterResources.call(() => this.#cluster.listContainerInstances({ kind: 'marked' }, page, signal)),
    );
    const now = await this.#askWhatTheyWereTold([...ids], signal);
    const isNew = [...now].some(([arn, notice]) => notice !== undefined && notice !== this.#told.get(arn));
    this.#told = new Map([...ids].map((arn) => [arn, now.get(arn) ?? this.#told.get(arn)]));
    return isNew;
  }

  async #askWhatTheyWereTold(
    marked: readonly ContainerInstanceArn[],
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<ContainerInstanceArn, string | undefined>> {
    const open = marked.filter((arn) => parseEnding(this.#told.get(arn)) === null);
    const unseenFirst = [...open.filter((arn) => !this.#told.has(arn)), ...open.filter((arn) => this.#told.has(arn))];
    const asked = unseenFirst.slice(0, MOST.containerInstances);
    if (asked.length === 0) return new Map();
    const { items } = await this.#budgets.clusterResources.call(() =>
      this.#cluster.describeContainerInstances(asked, signal),
    );
    return new Map(items.map(({ arn, attributes }) => [arn, attributes[ATTRIBUTE.notice]]));
  }
}
