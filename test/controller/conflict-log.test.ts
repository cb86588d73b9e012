import { describe, expect, it } from 'vitest';
import { ConflictLog } from '../../src/controller/conflict-log.ts';
import { fleetId, instanceId } from '../../src/model/ids.ts';
import type { Conflict } from '../../src/plan/conflicts/conflict.ts';
import { keepingLogger } from '../support/log-lines.ts';

/** What is said when one pass after the other finds these. */
function saidBy(...passes: Conflict[][]): string[] {
  const { logger, lines } = keepingLogger();
  const log = new ConflictLog(logger);
  for (const each of passes) log.note(each);
  return lines.map(({ level, message }) => `${level}: ${message}`);
}

const provider = (name: string, ...ids: string[]): Conflict => ({
  kind: 'capacity-provider',
  provider: name,
  instanceIds: ids.map(instanceId),
  ofFleet: 0,
});
const rebalancing: Conflict = { kind: 'capacity-rebalancing', fleetId: fleetId('sfr-1'), strategy: 'launch' };
const START = 'warn: somebody else acts on what the controller manages';
const END = 'info: nobody else is seen to act on what the controller manages any more';

describe('the log of who else acts on the same', () => {
  it('says a conflict when it begins and when it ends', () => {
    expect(saidBy([], [rebalancing], [rebalancing], [], [])).toEqual([START, END]);
  });

  it('says another of the same kind by itself, and not that one has grown', () => {
    expect(saidBy([provider('a', 'i-1')], [provider('a', 'i-1', 'i-2')])).toEqual([START]);
    expect(saidBy([provider('a', 'i-1')], [provider('a', 'i-1'), provider('b', 'i-2')])).toEqual([START, START]);
  });
});
