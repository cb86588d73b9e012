import type { Fleet } from '../model/fleet.ts';
import type { Launch, TemplateName } from '../model/launch.ts';

export interface TargetCapacity {
  /** In all, the On-Demand part included. */
  readonly targetUnits: number;
  /** The part of it that is to be On-Demand; left out, it stays as it is. */
  readonly onDemandUnits?: number;
}

/** The fleet whose target capacity we own. Throws `Failure`; `fleet-not-found` when the request does not exist. */
export interface SpotFleet {
  describe(signal?: AbortSignal): Promise<Fleet>;
  /** What a launch template launches at this version, and which version that is now. `refused` when there is none. */
  launchOf(template: TemplateName, signal?: AbortSignal): Promise<Launch>;
  /**
   * Asks for this many units, and never lets the fleet choose victims. Absolute, so saying it twice is harmless.
   * `fleet-not-modifiable` while an earlier change is being worked in.
   */
  setTargetCapacity(target: TargetCapacity, signal?: AbortSignal): Promise<void>;
}
