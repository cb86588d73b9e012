// Constraints bind: an instance that breaks one is no candidate, however much room it has.
import { type EcsContainerInstance, wantedOn } from './container-instance.ts';
import { type Expression, parseExpression } from './member-of.ts';

export interface MemberOf {
  readonly type: 'memberOf';
  readonly expression: string;
  readonly holds: Expression;
}

export type PlacementConstraint = MemberOf | { readonly type: 'distinctInstance' };

/** @throws Refusal InvalidParameterException for an expression this world does not understand */
export function memberOf(expression: string): MemberOf {
  return { type: 'memberOf', expression, holds: parseExpression(expression) };
}

/** Whether no other task of the group is meant to run there; one that is still stopping does not count. */
export function isDistinct(instance: EcsContainerInstance, group: string): boolean {
  return !wantedOn(instance).some((task) => task.group === group);
}

export function membershipHolds(instance: EcsContainerInstance, constraints: readonly PlacementConstraint[]): boolean {
  return constraints.every((constraint) => constraint.type !== 'memberOf' || constraint.holds(instance.attributes));
}
