// What has changed between two readings of the controller's files, in the operator's own keys.
import { isDeepStrictEqual } from 'node:util';
import { isFixed, isIdentity } from './fixed-keys.ts';

/** By dotted key; the keys of the fleet's file begin with `fleet.`. */
export type KeyedValues = Readonly<Record<string, unknown>>;

export interface Differences {
  /** What takes effect at the next pass, by key. */
  readonly changed: Readonly<Record<string, { readonly from: unknown; readonly to: unknown }>>;
  /** Keys whose present value was not there at start, and that take effect after a restart. */
  readonly afterRestart: readonly string[];
  /** The files are about another cluster or fleet: nothing of them may be taken. */
  readonly isOfAnother: boolean;
}

/**
 * @param started the values with which the process began
 * @param present those that it follows now
 */
export function differencesOf(started: KeyedValues, present: KeyedValues, found: KeyedValues): Differences {
  const keys = Object.keys(found);
  const differs = (from: KeyedValues) => (key: string) => !isDeepStrictEqual(from[key], found[key]);
  const afterRestart = keys.filter(isFixed).filter(differs(started));
  const changed = keys.filter((key) => !isFixed(key)).filter(differs(present));
  return {
    changed: Object.fromEntries(changed.map((key) => [key, { from: present[key], to: found[key] }])),
    afterRestart,
    isOfAnother: afterRestart.some(isIdentity),
  };
}
