// Branded ids: a container instance ARN can never be passed where an EC2 instance id is meant.

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

export type InstanceId = Branded<'InstanceId'>;
export type ContainerInstanceArn = Branded<'ContainerInstanceArn'>;
export type ServiceArn = Branded<'ServiceArn'>;
export type TaskArn = Branded<'TaskArn'>;
export type TaskDefinitionArn = Branded<'TaskDefinitionArn'>;
export type FleetId = Branded<'FleetId'>;

// The one place where a plain string becomes an id; the caller vouches that it came from AWS or from a test builder.
export const instanceId = (text: string): InstanceId => text as InstanceId;
export const containerInstanceArn = (text: string): ContainerInstanceArn => text as ContainerInstanceArn;
export const serviceArn = (text: string): ServiceArn => text as ServiceArn;
export const taskArn = (text: string): TaskArn => text as TaskArn;
export const taskDefinitionArn = (text: string): TaskDefinitionArn => text as TaskDefinitionArn;
export const fleetId = (text: string): FleetId => text as FleetId;

/** The part of an ARN after its last slash: the name or id people recognise. A plain id is returned as it is. */
export function shortName(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
