import { describe, expect, it } from 'vitest';
import {
  OBSTACLE_WORDS,
  PART_WORDS,
  RETIREMENT_WORDS,
  SCALE_IN_WORDS,
  SCENARIO_WORDS,
  SET_ASIDE_WORDS,
  STANDING_WORDS,
  TARGET_WORDS,
  UNREMOVABLE_WORDS,
} from '../../src/cli/words.ts';

// That each table has a line for every member of its union, and no other, is held by its type.
describe.each([
  ['target', TARGET_WORDS],
  ['scale-in', SCALE_IN_WORDS],
  ['unremovable', UNREMOVABLE_WORDS],
  ['standing', STANDING_WORDS],
  ['retirement', RETIREMENT_WORDS],
  ['part', PART_WORDS],
  ['obstacle', OBSTACLE_WORDS],
  ['scenario', SCENARIO_WORDS],
  ['set aside', SET_ASIDE_WORDS],
])('the words for %s', (_name, words) => {
  it('are different for each reason', () => {
    expect(new Set(Object.values(words)).size).toBe(Object.keys(words).length);
  });

  it('are sentences to go on from, without capital or full stop', () => {
    expect(Object.values(words).filter((text) => !/^[a-zA-Z].*[^.]$/.test(text) || /^[A-Z][a-z]/.test(text))).toEqual(
      [],
    );
  });
});
