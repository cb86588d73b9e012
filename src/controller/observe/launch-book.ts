// What the fleet launches now, type by type. A numbered version of a launch template never changes and is read once;
// `$Latest` and `$Default` are read again after a while, as an operator who makes a new version is in no hurry of seconds.
// What cannot be read is no gap: without it nobody is behind, and everything else goes on.
import type { Fleet } from '../../model/fleet.ts';
import { differs, type Launch, type LaunchSpec, type TypeLaunch } from '../../model/launch.ts';
import type { SetAside } from '../../model/snapshot.ts';
import type { Clock } from '../../ports/clock.ts';
import { explain } from '../../ports/failure.ts';
import type { SpotFleet } from '../../ports/fleet.ts';
import type { CallBudget } from './call-budget.ts';

const MOVING_FOR_MS = 60_000;

export interface LaunchesRead {
  readonly launches: readonly TypeLaunch[];
  readonly unread: readonly SetAside[];
}

export class LaunchBook {
  readonly #clock: Clock;
  readonly #port: Pick<SpotFleet, 'launchOf'>;
  readonly #budget: CallBudget;
  readonly #known = new Map<string, { readonly launch: Launch; readonly readAtMs: number }>();

  constructor(clock: Clock, port: Pick<SpotFleet, 'launchOf'>, budget: CallBudget) {
    this.#clock = clock;
    this.#port = port;
    this.#budget = budget;
  }

  /** Only types all of whose specifications say the same: which of several launched an instance is not known. */
  async read(fleet: Fleet | null, signal?: AbortSignal): Promise<LaunchesRead> {
    const byType = new Map<string, TypeLaunch | null>();
    try {
      for (const spec of fleet?.launchSpecs ?? []) {
        const { instanceType } = spec;
        const launch = { instanceType, ...(await this.#launchOf(spec, signal)) };
        const other = byType.get(instanceType);
        byType.set(instanceType, other === undefined || (other !== null && !differs(other, launch)) ? launch : null);
      }
      return { launches: [...byType.values()].filter((launch) => launch !== null), unread: [] };
    } catch (error) {
      const subject = fleet?.id ?? '';
      return {
        launches: [],
        unread: [{ kind: 'fleet', subject, reason: 'launch-unreadable', detail: explain(error) }],
      };
    }
  }

  async #launchOf({ imageId, template }: LaunchSpec, signal?: AbortSignal): Promise<Launch> {
    if (template === null) return { imageId, template };
    const key = `${template.idOrName} ${template.version}`;
    const known = this.#known.get(key);
    const nowMs = this.#clock.monotonicMs();
    const isMoving = template.version.startsWith('$');
    if (known !== undefined && (!isMoving || nowMs - known.readAtMs < MOVING_FOR_MS)) return known.launch;
    const { launch } = await this.#budget.call(async () => ({
      tries: 1,
      launch: await this.#port.launchOf(template, signal),
    }));
    this.#known.set(key, { launch, readAtMs: nowMs });
    return launch;
  }
}
