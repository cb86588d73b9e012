/** What a task's load balancers do when it leaves. Failures as for `Cluster`. */
export interface LoadBalancers {
  /**
   * How long a target group keeps a leaving target before it is gone, milliseconds (its deregistration delay): ECS stops
   * the task's containers only then. Adapters may answer from memory for some minutes.
   */
  deregistrationDelayMs(targetGroup: string, signal?: AbortSignal): Promise<number>;
}
