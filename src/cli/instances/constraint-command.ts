// The command that gives a service the placement constraint. `update-service` replaces all constraints a service has, so
// those that it has are in it.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
import { PLACEMENT_CONSTRAINT } from '../../model/attributes.ts';
import type { PlacementConstraint, Service } from '../../model/service.ts';

export interface Where {
  readonly cluster: string;
  /** null leaves it to the AWS CLI. */
  readonly region: string | null;
}

/** To be pasted into a shell. */
export function constraintCommand(
  { name, placementConstraints }: Pick<Service, 'name' | 'placementConstraints'>,
  { cluster, region }: Where,
): string {
  const constraints: PlacementConstraint[] = [
    ...placementConstraints,
    { type: 'memberOf', expression: PLACEMENT_CONSTRAINT },
  ];
  const json = JSON.stringify(constraints).replaceAll("'", "'\\''");
  const where = region === null ? '' : ` --region ${region}`;
  return `aws ecs update-service${where} --cluster ${cluster} --service ${name} --placement-constraints '${json}'`;
}
