// Constraints bind: an instance that breaks one is no candidate, however much room it has.
import type { EcsContainerInstance } from './container-instance.ts';
import { type Expression, parseExpression } from './member-of.ts';

export interface MemberOf {
  readonly type: 'memberOf';
  readonly expression: string;
  readonly holds: Expression;
}

export type PlacementConstraint = MemberOf | { readonly type: 'distinctInstance' };

/** @throws Refusal InvalidParameterException for a malformed expression */
export function memberOf(expression: string): MemberOf {
  return { type: 'memberOf', expression, holds: parseExpression(expression) };
}

export function membershipHolds(instance: EcsContainerInstance, constraints: readonly PlacementConstraint[]): boolean {
  return constraints.every((constraint) => constraint.type !== 'memberOf' || constraint.holds(instance));
}
