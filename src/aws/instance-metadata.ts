// The InstanceMetadata port over IMDSv2, and only that: without a token nothing is asked, so a host that could be talked
// into proxying a plain GET learns nothing. "Nothing" is said on a 404 alone; whatever else goes wrong is a Failure.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-categories.html
import type { Clock } from '../ports/clock.ts';
import { Failure } from '../ports/failure.ts';
import type { InstanceMetadata } from '../ports/metadata.ts';
import { senseless } from './imds/answer-text.ts';
import { Endpoints, IMDS_ENDPOINTS } from './imds/endpoints.ts';
import { INTERRUPTION_NOTICE_PATH, readInterruptionNotice } from './imds/interruption-notice.ts';
import { MAINTENANCE_EVENTS_PATH, readMaintenanceEvents } from './imds/maintenance-events.ts';
import { REBALANCE_RECOMMENDATION_PATH, readRebalanceRecommendation } from './imds/rebalance-recommendation.ts';
import { readTargetLifecycleState, TARGET_LIFECYCLE_STATE_PATH } from './imds/target-lifecycle-state.ts';
import { TokenKeeper, turnedOff } from './imds/token.ts';
import type { LocalHttp } from './local-http.ts';

export interface InstanceMetadataOptions {
  readonly clock: Clock;
  /** One, or several that are tried in turn until one answers. Default: the two of IMDS. */
  readonly endpoint?: string | readonly string[];
  /** Bound on one request. Default 1 s. */
  readonly timeoutMs?: number;
}

type Reading<Item> = (text: string, doing: string) => Item;

/** Failures: `unavailable` and `timed-out` when nobody answered, `refused` when the answer was not one we can read. */
export function createInstanceMetadata(options: InstanceMetadataOptions): InstanceMetadata {
  const { endpoint = IMDS_ENDPOINTS, ...rest } = options;
  const http = new Endpoints(typeof endpoint === 'string' ? [endpoint] : endpoint, rest);
  const imds = new Imds(http, options.clock);
  const item = <Item>(path: string, what: string, reading: Reading<Item>) => {
    const doing = `reading ${what} from IMDS`;
    return async (signal?: AbortSignal): Promise<Item | null> => {
      const text = await imds.read(path, doing, signal);
      return text === null ? null : reading(text, doing);
    };
  };
  const needed = (path: string, what: string, form: RegExp) => {
    const read = item(path, what, (text, doing) => word(text, doing, form));
    return async (signal?: AbortSignal): Promise<string> => {
      const value = await read(signal);
      if (value === null) throw new Failure('refused', `reading ${what} from IMDS: it has none`);
      return value;
    };
  };
  const events = item(MAINTENANCE_EVENTS_PATH, 'the maintenance events', readMaintenanceEvents);
  return {
    interruptionNotice: item(INTERRUPTION_NOTICE_PATH, 'the interruption notice', readInterruptionNotice),
    rebalanceRecommendation: item(
      REBALANCE_RECOMMENDATION_PATH,
      'the rebalance recommendation',
      readRebalanceRecommendation,
    ),
    maintenanceEvents: async (signal) => (await events(signal)) ?? [],
    targetLifecycleState: item(TARGET_LIFECYCLE_STATE_PATH, 'the target lifecycle state', readTargetLifecycleState),
    // `us-east-1`, `us-gov-west-1`, `eusc-de-east-1`
    region: needed('placement/region', 'the region', /^[a-z]+(?:-[a-z]+)+-\d+$/),
    instanceId: needed('instance-id', 'the instance id', /^i-[0-9a-f]+$/),
    keepsConnections: () => http.keepsConnections(),
  };
}

function word(text: string, doing: string, form: RegExp): string {
  const value = text.trim();
  if (!form.test(value)) throw senseless(text, doing);
  return value;
}

class Imds {
  readonly #http: LocalHttp;
  readonly #tokens: TokenKeeper;

  constructor(http: LocalHttp, clock: Clock) {
    this.#http = http;
    this.#tokens = new TokenKeeper(http, clock);
  }

  /** The text at a path below `/latest/meta-data/`; null when there is none. */
  async read(path: string, doing: string, signal: AbortSignal | undefined): Promise<string | null> {
    for (let isAgain = false; ; isAgain = true) {
      const token = this.#tokens.fresh ?? (await this.#tokens.renewed(signal));
      const headers = { 'X-aws-ec2-metadata-token': token };
      const question = { method: 'GET', path: `/latest/meta-data/${path}`, headers, doing, signal } as const;
      const { status, text } = await this.#http.send(question);
      if (status === 200) return text;
      if (status === 404) return null;
      if (status === 403) throw turnedOff(doing);
      if (status === 401) this.#tokens.drop(token);
      // IMDS forgot the token (it does when the instance was stopped and started): once with a new one.
      if (status !== 401 || isAgain) throw new Failure('refused', `${doing}: answered ${status}`);
    }
  }
}
