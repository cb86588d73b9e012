import type { InstanceId } from '../model/ids.ts';
import type { Instance, InstanceType } from '../model/instance.ts';

/** EC2 instances. Throws `Failure`. */
export interface Instances {
  /** The instances EC2 knows among these ids; one that it does not know (yet, or any more) is left out. */
  describe(ids: readonly InstanceId[], signal?: AbortSignal): Promise<Instance[]>;
  /** Sizes by type name. A name EC2 does not know is left out. Sizes never change, so adapters may remember them. */
  types(names: readonly string[], signal?: AbortSignal): Promise<InstanceType[]>;
  /** Terminates; one that is terminated already is success. */
  terminate(ids: readonly InstanceId[], signal?: AbortSignal): Promise<void>;
}
