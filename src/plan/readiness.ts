// Readiness as services ask for it. A service that is constrained on `spotkeeper.ready` lands on no instance whose agent
// has not said yes; a fresh instance has not said anything, and will: its room is on its way, not missing.
import { ATTRIBUTE } from '../model/attributes.ts';
import type { Service } from '../model/service.ts';
import type { ClusterSnapshot } from '../model/snapshot.ts';
import { namesAskedBy } from './cluster-query/expression.ts';
import { MalformedExpression, parsed } from './cluster-query/parse.ts';

/** Whether a constraint of any service, or of its definition, asks for readiness: then silence of an agent means no. */
export function isReadinessAsked({
  services,
  definitions,
}: Pick<ClusterSnapshot, 'services' | 'definitions'>): boolean {
  return services.some(asksByItself) || definitions.some(({ shape }) => shape.expressions.some(asksForReadiness));
}

/** What an instance carries once it is ready, if nobody cordons it. The same object for the same attributes. */
export function asIfReady(attributes: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const known = ready.get(attributes);
  if (known !== undefined) return known;
  const { [ATTRIBUTE.cordoned]: _, ...rest } = attributes;
  const made = { ...rest, [ATTRIBUTE.ready]: 'yes' };
  ready.set(attributes, made);
  return made;
}

const ready = new WeakMap<object, Readonly<Record<string, string>>>();

function asksByItself({ placementConstraints }: Service): boolean {
  return placementConstraints.some((each) => each.type === 'memberOf' && asksForReadiness(each.expression));
}

function asksForReadiness(text: string): boolean {
  // Most constraints are about something else, and of 5,000 services all are looked at in every pass.
  if (!text.includes(ATTRIBUTE.ready)) return false;
  const expression = parsed(text);
  return !(expression instanceof MalformedExpression) && namesAskedBy(expression).attributes.has(ATTRIBUTE.ready);
}
