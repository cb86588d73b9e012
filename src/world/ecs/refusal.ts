// An error ECS itself answers with. The world speaks of it by AWS's own code so that every door can pass it on.

export type EcsRefusalCode =
  | 'ClusterNotFoundException'
  | 'ServiceNotFoundException'
  | 'ServiceNotActiveException'
  | 'TargetNotFoundException'
  | 'AttributeLimitExceededException'
  | 'InvalidParameterException'
  | 'ClientException';

export class EcsRefusal extends Error {
  readonly code: EcsRefusalCode;

  constructor(code: EcsRefusalCode, message: string) {
    super(message);
    this.name = 'EcsRefusal';
    this.code = code;
  }
}
