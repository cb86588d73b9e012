// What is nobody's fault, and when it was last so: an invariant that promises something in time counts the time in which
// it could be kept.
import type { Stage } from '../play/stage.ts';

export const ADVERSITIES = ['no-leader', 'api-trouble', 'host-trouble', 'drought', 'at-maximum'] as const;
export type Adversity = (typeof ADVERSITIES)[number];

export class Weather {
  readonly #stage: Stage;
  readonly #lastMs = new Map<Adversity, number>();

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /** To be called after every step, before anybody asks. */
  look(): void {
    const { controllers, wire, world, fleet, policy, time } = this.#stage;
    const note = (adversity: Adversity, isSo: boolean) => {
      if (isSo) this.#lastMs.set(adversity, time.elapsedMs);
    };
    note('no-leader', !controllers.some(({ leads }) => leads));
    note('api-trouble', wire.isTroubled(['ecs', 'ec2']));
    note('host-trouble', wire.isTroubled(['metadata']));
    note(
      'drought',
      world.ec2.market.pools.some(({ available }) => available === 0),
    );
    note('at-maximum', fleet.targetUnits >= policy.fleet.maxUnits);
  }

  /** For how long none of these has been so, milliseconds: since the beginning of the play at most. */
  fairForMs(...adversities: readonly Adversity[]): number {
    const last = Math.max(0, ...adversities.map((adversity) => this.#lastMs.get(adversity) ?? 0));
    return this.#stage.time.elapsedMs - last;
  }
}
