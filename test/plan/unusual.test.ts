import { describe, expect, it } from 'vitest';
import type { Standing } from '../../src/plan/report.ts';
import { isUnusual } from '../../src/plan/unusual.ts';
import { aLine, aReport } from '../support/report-builder.ts';

describe('a cluster', () => {
  it('in which everybody serves and nothing is short is as usual', () => {
    expect(isUnusual(aReport({ ledger: [aLine('i-1'), aLine('i-2')] }))).toBe(false);
  });

  it.each<Standing>(['launching', 'joining', 'noticed', 'retiring', 'draining'])(
    'with an instance that is %s is not',
    (standing) => {
      expect(isUnusual(aReport({ ledger: [aLine('i-1'), aLine('i-2', { standing })] }))).toBe(true);
    },
  );

  it.each<Standing>(['disconnected', 'cordoned', 'not-ready', 'orphan', 'gone'])(
    'with an instance that is %s, as it may be for days, is',
    (standing) => {
      expect(isUnusual(aReport({ ledger: [aLine('i-1', { standing })] }))).toBe(false);
    },
  );

  it('in which units are short is not', () => {
    const { target } = aReport();
    expect(isUnusual(aReport({ target: { ...target, shortUnits: 2 } }))).toBe(true);
  });

  it('whose fleet takes in a change is not', () => {
    const { target } = aReport();
    expect(isUnusual(aReport({ target: { ...target, reason: 'fleet-modifying' } }))).toBe(true);
  });
});
