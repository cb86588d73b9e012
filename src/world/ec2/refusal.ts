// What EC2 answers when it will not do something, with the code AWS gives it. The sandbox's door and the simulator each
// translate it into what their callers expect.

export type Ec2RefusalCode =
  | 'InvalidInstanceID.NotFound'
  | 'InvalidSpotFleetRequestId.NotFound'
  | 'InvalidSpotFleetRequestConfig'
  | 'FleetNotInModifiableState';

export class Ec2Refusal extends Error {
  readonly code: Ec2RefusalCode;

  constructor(code: Ec2RefusalCode, message: string) {
    super(message);
    this.name = 'Ec2Refusal';
    this.code = code;
  }
}
