// What a page says in place of an answer that it cannot have: nothing found where nobody could look is not nothing there.
import type { Part } from '../model/snapshot.ts';
import type { PlanReport } from '../plan/report.ts';
import { PART_WORDS } from './words.ts';

/** Where one of these was not seen, the planner had no opinion on anything. */
export const WHOLE_PICTURE: readonly Part[] = ['fleet', 'container-instances', 'services'];

/** `the fleet, the services not seen`: which of the parts; null when all of them were. */
export function notSeen({ gaps }: Pick<PlanReport, 'gaps'>, parts: readonly Part[]): string | null {
  const missing = parts.filter((part) => gaps.some((gap) => gap.part === part));
  return missing.length === 0 ? null : `${missing.map((part) => PART_WORDS[part]).join(', ')} not seen`;
}
