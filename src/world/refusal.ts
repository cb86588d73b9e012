// What ECS or EC2 answers when it will not do something. The world speaks of it by AWS's own code, so that every door
// can pass it on as it is.

export type RefusalCode =
  // ECS
  | 'ClusterNotFoundException'
  | 'ServiceNotFoundException'
  | 'ServiceNotActiveException'
  | 'TargetNotFoundException'
  | 'AttributeLimitExceededException'
  | 'InvalidParameterException'
  | 'ClientException'
  // EC2
  | 'InvalidInstanceID.NotFound'
  | 'InvalidSpotFleetRequestId.NotFound'
  | 'InvalidSpotFleetRequestConfig'
  | 'FleetNotInModifiableState'
  | 'InvalidLaunchTemplateId.NotFound'
  | 'InvalidLaunchTemplateId.VersionNotFound';

export class Refusal extends Error {
  readonly code: RefusalCode;

  constructor(code: RefusalCode, message: string) {
    super(message);
    this.name = 'Refusal';
    this.code = code;
  }
}
