// What really happened in the world, in order. The story's figures and the tests' verdicts are taken from here and from
// the request log, never from what agent or controller say of themselves.

/** How a task ended. Everything but the first two is a loss. */
export type TaskEnd =
  /** Ended by itself, within its stop timeout after SIGTERM, or before its containers had started. */
  | 'exited'
  /** Had SIGTERM and its whole stop timeout, then SIGKILL. */
  | 'stop-timeout-used-up'
  /** Had SIGTERM, but the power went before it had exited and before its stop timeout was over. */
  | 'cut-short'
  /** The power went and nobody had told it. */
  | 'killed-without-sigterm';

export type WorldEvent =
  | {
      readonly at: number;
      readonly kind: 'instance-launched';
      readonly instanceId: string;
      readonly instanceType: string;
      readonly zone: string;
      readonly fleetId: string | null;
      readonly weightUnits: number;
    }
  | { readonly at: number; readonly kind: 'instance-booted'; readonly instanceId: string }
  | {
      readonly at: number;
      readonly kind: 'container-instance-registered';
      readonly instanceId: string;
      readonly containerInstanceArn: string;
    }
  | { readonly at: number; readonly kind: 'notice'; readonly instanceId: string; readonly deadlineAt: number }
  | { readonly at: number; readonly kind: 'notice-withdrawn'; readonly instanceId: string }
  | {
      readonly at: number;
      readonly kind: 'instance-stopping';
      readonly instanceId: string;
      readonly cause: 'interruption' | 'terminate-call' | 'fleet-scale-in';
    }
  | { readonly at: number; readonly kind: 'instance-rebooting'; readonly instanceId: string }
  | {
      readonly at: number;
      readonly kind: 'container-instance-draining';
      readonly instanceId: string;
      readonly containerInstanceArn: string;
    }
  | {
      readonly at: number;
      readonly kind: 'instance-ending';
      readonly instanceId: string;
      readonly cause: 'interruption' | 'terminate-call' | 'fleet-scale-in';
    }
  | { readonly at: number; readonly kind: 'instance-terminated'; readonly instanceId: string }
  | { readonly at: number; readonly kind: 'fleet-target'; readonly fleetId: string; readonly targetUnits: number }
  | { readonly at: number; readonly kind: 'placement-failed'; readonly service: string; readonly reason: string }
  | {
      readonly at: number;
      readonly kind: 'task-placed';
      readonly taskArn: string;
      readonly group: string;
      readonly instanceId: string;
      readonly wantedAt: number;
    }
  | {
      readonly at: number;
      readonly kind: 'task-running';
      readonly taskArn: string;
      readonly group: string;
      readonly instanceId: string;
      readonly wantedAt: number;
    }
  | {
      readonly at: number;
      readonly kind: 'task-sigterm';
      readonly taskArn: string;
      readonly group: string;
      readonly instanceId: string;
    }
  | {
      readonly at: number;
      readonly kind: 'task-stopped';
      readonly taskArn: string;
      readonly group: string;
      readonly instanceId: string;
      readonly end: TaskEnd;
    };

export class History {
  readonly #events: WorldEvent[] = [];
  readonly #listeners = new Set<(event: WorldEvent) => void>();

  record(event: WorldEvent): void {
    this.#events.push(event);
    for (const listener of this.#listeners) listener(event);
  }

  get events(): readonly WorldEvent[] {
    return this.#events;
  }

  /** Every event of one kind, oldest first. */
  of<Kind extends WorldEvent['kind']>(kind: Kind): Extract<WorldEvent, { kind: Kind }>[] {
    return this.#events.filter((event): event is Extract<WorldEvent, { kind: Kind }> => event.kind === kind);
  }

  /** Called with each event as it happens. Returns the function that ends it. */
  subscribe(listener: (event: WorldEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
