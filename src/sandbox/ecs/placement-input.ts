// Placement constraints and strategies of a request, and back again in an answer.
import { type MemberOf, memberOf, type PlacementConstraint } from '../../world/ecs/placement-constraint.ts';
import type { PlacementStrategy } from '../../world/ecs/placement-strategy.ts';
import type { ApiInput } from '../api.ts';
import { has, invalid, requiredText, structures, text } from './input.ts';

/** undefined when the request does not speak of constraints. */
export function placementConstraintsOf(input: ApiInput): PlacementConstraint[] | undefined {
  if (!has(input, 'placementConstraints')) return undefined;
  const constraints = structures(input, 'placementConstraints');
  if (constraints.length > 10) throw invalid('At most 10 placement constraints are allowed.');
  return constraints.map((constraint): PlacementConstraint => {
    const type = requiredText(constraint, 'type');
    if (type === 'distinctInstance') return { type };
    if (type === 'memberOf') return memberOf(requiredText(constraint, 'expression'));
    throw invalid(`Invalid placement constraint type: ${type}.`);
  });
}

/** A task definition's constraints: memberOf only. */
export function membershipConstraintsOf(input: ApiInput): MemberOf[] {
  return (placementConstraintsOf(input) ?? []).map((constraint) => {
    if (constraint.type !== 'memberOf') throw invalid(`constraint.type '${constraint.type}' is not supported.`);
    return constraint;
  });
}

/** undefined when the request does not speak of strategies. */
export function placementStrategyOf(input: ApiInput): PlacementStrategy[] | undefined {
  if (!has(input, 'placementStrategy')) return undefined;
  const strategies = structures(input, 'placementStrategy');
  if (strategies.length > 5) throw invalid('At most 5 placement strategies are allowed.');
  return strategies.map(strategyOf);
}

function strategyOf(input: ApiInput): PlacementStrategy {
  const type = requiredText(input, 'type');
  const field = text(input, 'field') ?? '';
  if (type === 'random') return { type };
  if (type === 'binpack') {
    const resource = field.toLowerCase();
    if (resource === 'cpu' || resource === 'memory') return { type, field: resource };
  }
  if (type === 'spread') {
    if (field === 'instanceId' || field === 'host') return { type, field: 'instanceId' };
    if (/^attribute:[\w./\\-]+$/.test(field)) return { type, field };
  }
  throw invalid(`Invalid placement strategy: ${type} ${field}.`);
}

export function constraintJson(constraint: PlacementConstraint): object {
  return constraint.type === 'memberOf'
    ? { type: 'memberOf', expression: constraint.expression }
    : { type: constraint.type };
}
