import type { ContainerInstanceArn } from '../model/ids.ts';

export type InterruptionAction = 'terminate' | 'stop' | 'hibernate';

export interface InterruptionNotice {
  readonly action: InterruptionAction;
  /** When the instance ends, approximately; epoch milliseconds. May lie in the past: it is still going. */
  readonly deadlineAt: number;
}

/** This instance's own metadata (IMDSv2). A rejection means "not known", never "no notice". */
export interface InstanceMetadata {
  /** null means that the service said there is no notice. */
  interruptionNotice(signal?: AbortSignal): Promise<InterruptionNotice | null>;
  region(signal?: AbortSignal): Promise<string>;
}

/** Who this host is to ECS, from the ECS agent's introspection endpoint; null until it has registered. */
export interface EcsAgentIntrospection {
  whoAmI(signal?: AbortSignal): Promise<{ cluster: string; containerInstanceArn: ContainerInstanceArn } | null>;
}
