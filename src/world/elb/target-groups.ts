// Target groups of load balancers, as far as the end of a task depends on them: how long they keep a target that leaves.
// No load balancers, no listeners, no health, no traffic.
import type { Rng } from '../../ports/rng.ts';
import type { WorldSettings } from '../settings.ts';

export interface TargetGroup {
  readonly name: string;
  readonly arn: string;
  /** `deregistration_delay.timeout_seconds` in milliseconds: whole seconds from 0 to an hour. */
  deregistrationDelayMs: number;
}

export interface TargetGroupOrder {
  readonly name: string;
  readonly deregistrationDelayMs?: number;
}

/** AWS's own. https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html */
export const DEFAULT_DEREGISTRATION_MS = 300_000;

const HEX = '0123456789abcdef';

export class TargetGroups {
  readonly #ground: { readonly rng: Rng; readonly settings: WorldSettings };
  readonly #byArn = new Map<string, TargetGroup>();

  constructor(ground: { readonly rng: Rng; readonly settings: WorldSettings }) {
    this.#ground = ground;
  }

  get all(): readonly TargetGroup[] {
    return [...this.#byArn.values()];
  }

  /** Makes the group, or changes the delay of the one that has this name. */
  put({ name, deregistrationDelayMs = DEFAULT_DEREGISTRATION_MS }: TargetGroupOrder): TargetGroup {
    const known = this.all.find((group) => group.name === name);
    if (known !== undefined) {
      known.deregistrationDelayMs = deregistrationDelayMs;
      return known;
    }
    const { rng, settings } = this.#ground;
    const id = Array.from({ length: 16 }, () => HEX.charAt(Math.floor(rng.next() * 16))).join('');
    const arn = `arn:aws:elasticloadbalancing:${settings.region}:${settings.accountId}:targetgroup/${name}/${id}`;
    const group = { name, arn, deregistrationDelayMs };
    this.#byArn.set(arn, group);
    return group;
  }

  find(arn: string): TargetGroup | undefined {
    return this.#byArn.get(arn);
  }
}
