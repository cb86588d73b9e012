// The agents of all instances: each begins when its instance is up, and ends with its power.
import type { SignalKind } from '../../agent/signals/signal.ts';
import type { Ec2Instance, InstanceLifeListener } from '../../world/ec2/instance.ts';
import type { SimulatedAgent } from './agent.ts';

export class Agents implements InstanceLifeListener {
  readonly #start: (instance: Ec2Instance) => SimulatedAgent;
  readonly #running = new Map<string, SimulatedAgent>();

  constructor(start: (instance: Ec2Instance) => SimulatedAgent) {
    this.#start = start;
  }

  onBooted(instance: Ec2Instance): void {
    this.#running.set(instance.id, this.#start(instance));
  }

  onPowerOff(instance: Ec2Instance): void {
    this.#running.get(instance.id)?.kill();
    this.#running.delete(instance.id);
  }

  onTerminated(): void {}

  /** The agent of an instance that is up. */
  on(instanceId: string): SimulatedAgent | undefined {
    return this.#running.get(instanceId);
  }

  /** What a signal says on this instance has changed. */
  hear(instanceId: string, kind: SignalKind): void {
    this.#running.get(instanceId)?.hear(kind);
  }
}
