// ECS's own throttling: each class of actions has a bucket of tokens for the whole account, which fills again by the
// second. It says which bucket a call belongs to and whether a token is left; the door answers.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html

export interface BucketSize {
  readonly burst: number;
  readonly refillPerSecond: number;
}

export type BucketName = keyof typeof BUCKETS;

const BUCKETS = {
  'cluster-modify': { burst: 20, refillPerSecond: 1 },
  'cluster-read': { burst: 50, refillPerSecond: 20 },
  'cluster-resource-modify': { burst: 100, refillPerSecond: 40 },
  'cluster-resource-read': { burst: 100, refillPerSecond: 20 },
  'service-modify': { burst: 50, refillPerSecond: 5 },
  'service-read': { burst: 100, refillPerSecond: 20 },
  'task-definition-modify': { burst: 20, refillPerSecond: 1 },
  'task-definition-read': { burst: 50, refillPerSecond: 20 },
  'tags-modify': { burst: 20, refillPerSecond: 10 },
  'tags-read': { burst: 50, refillPerSecond: 20 },
  'account-settings-modify': { burst: 10, refillPerSecond: 1 },
  'account-settings-read': { burst: 50, refillPerSecond: 20 },
  'task-protection': { burst: 200, refillPerSecond: 80 },
} as const satisfies Record<string, BucketSize>;

const BUCKET_OF: ReadonlyMap<string, BucketName> = new Map([
  ['DescribeClusters', 'cluster-read'],
  ['DeleteAttributes', 'cluster-resource-modify'],
  ['PutAttributes', 'cluster-resource-modify'],
  ['RunTask', 'cluster-resource-modify'],
  ['StartTask', 'cluster-resource-modify'],
  ['StopTask', 'cluster-resource-modify'],
  ['UpdateContainerInstancesState', 'cluster-resource-modify'],
  ['DescribeContainerInstances', 'cluster-resource-read'],
  ['DescribeTasks', 'cluster-resource-read'],
  ['ListContainerInstances', 'cluster-resource-read'],
  ['ListTasks', 'cluster-resource-read'],
  ['CreateService', 'service-modify'],
  ['UpdateService', 'service-modify'],
  ['DescribeServices', 'service-read'],
  ['ListServices', 'service-read'],
  ['RegisterTaskDefinition', 'task-definition-modify'],
  ['DescribeTaskDefinition', 'task-definition-read'],
  ['TagResource', 'tags-modify'],
  ['UntagResource', 'tags-modify'],
  ['ListTagsForResource', 'tags-read'],
  ['PutAccountSetting', 'account-settings-modify'],
  ['PutAccountSettingDefault', 'account-settings-modify'],
  ['ListAccountSettings', 'account-settings-read'],
  ['GetTaskProtection', 'task-protection'],
  ['UpdateTaskProtection', 'task-protection'],
]);

/** The bucket a call draws from; null for another service and for actions the sandbox does not have. */
export function bucketOf(service: string, action: string): BucketName | null {
  return service === 'ecs' ? (BUCKET_OF.get(action) ?? null) : null;
}

export interface BucketState extends BucketSize {
  readonly name: BucketName;
  /** Whole tokens left. */
  readonly tokens: number;
}

/** In thousandths of a token, which is what a millisecond gains: over whole milliseconds the count is exact. */
interface Level {
  millitokens: number;
  at: number;
}

const ONE = 1_000;

export class ThrottleBuckets {
  /** Off, every call passes and no token is drawn. */
  isEnforced: boolean;
  readonly #levels = new Map<BucketName, Level>();

  constructor(isEnforced: boolean) {
    this.isEnforced = isEnforced;
  }

  /**
   * Whether a call of this bucket may pass; it then costs a token. A call that may not costs nothing.
   * @param now epoch milliseconds, never going back
   */
  take(name: BucketName, now: number): boolean {
    if (!this.isEnforced) return true;
    const level = this.#fill(name, now);
    if (level.millitokens < ONE) return false;
    level.millitokens -= ONE;
    return true;
  }

  /** Every bucket as it stands. */
  list(now: number): readonly BucketState[] {
    // Object.keys forgets the key type; BUCKETS is a literal, so its keys are exactly the names.
    return (Object.keys(BUCKETS) as BucketName[]).map((name) => ({
      name,
      ...BUCKETS[name],
      tokens: Math.floor(this.#fill(name, now).millitokens / ONE),
    }));
  }

  #fill(name: BucketName, now: number): Level {
    const { burst, refillPerSecond } = BUCKETS[name];
    const level = this.#levels.get(name);
    if (level === undefined) {
      const full = { millitokens: burst * ONE, at: now };
      this.#levels.set(name, full);
      return full;
    }
    const gainedMs = Math.max(0, now - level.at);
    level.millitokens = Math.min(burst * ONE, level.millitokens + gainedMs * refillPerSecond);
    level.at += gainedMs;
    return level;
  }
}
