// What this pass makes of the ledger with what earlier ones remember: which pools are being taken back, which orphans are to
// be ended, and whether launches come to anything.
import { type Storms, stormsAfter, struck } from './interruptions/storms.ts';
import type { Holding } from './ledger.ts';
import type { Memory } from './memory.ts';
import { type Launches, launchesAfter } from './orphans/launches.ts';
import { awaitedAfter, condemned } from './orphans/orphans.ts';
import type { PlanInput } from './plan-input.ts';
import { HOLDS, type Restraint } from './restraint.ts';

export interface Outlook {
  /** The ledger, with everyone whom a storm strikes and everyone who is condemned told so. */
  readonly holdings: readonly Holding[];
  readonly storms: Storms;
  readonly launches: Launches;
  readonly awaited: Memory['awaited'];
}

export function outlookOn(
  { snapshot, policy, memory, now }: PlanInput,
  holdings: readonly Holding[],
  { holds }: Pick<Restraint, 'holds'>,
): Outlook {
  const storms = stormsAfter(memory.storms, holdings, { policy: policy.interruptions.storm, now });
  const awaited = awaitedAfter(memory.awaited, holdings);
  const stricken = struck(holdings, storms);
  // Counted as ended and not ended, an orphan would stand in the way of what is to be launched in its place.
  const mayEnd = holds.every((reason) => HOLDS[reason] !== 'shrinking');
  return {
    holdings: mayEnd ? condemned(stricken, { awaited, snapshot, policy, now }) : stricken,
    storms,
    launches: launchesAfter(memory.launches, holdings, { policy, now }),
    awaited,
  };
}
