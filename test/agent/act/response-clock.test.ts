import { describe, expect, it } from 'vitest';
import { ResponseClock } from '../../../src/agent/act/response-clock.ts';
import type { Cause } from '../../../src/agent/respond/cause.ts';
import { keepingLogger } from '../../support/log-lines.ts';
import { steppedClock } from '../../support/stepped-clock.ts';

const SECOND = 1_000;
const HOUR = 3_600_000;

function aHost() {
  const wall = steppedClock();
  const { logger, lines } = keepingLogger();
  const clock = new ResponseClock(wall, logger);
  const startedAt = wall.now();
  /** What is left before a deadline, as the agent sees it. */
  const leftMs = (deadlineAt: number) => deadlineAt - clock.now();
  return { wall, clock, startedAt, leftMs, lines, logger };
}

const notice = (deadlineAt: number, action: 'terminate' | 'stop' | 'hibernate' = 'terminate') =>
  ({ kind: 'interruption', action, deadlineAt }) as const;

const causeOf = (given: Partial<Cause> = {}): Cause => ({
  ...{ kind: 'target-state', key: 'target-state/Terminated', action: 'Terminated', deadlineAt: 0, isVoluntary: false },
  ...given,
});

describe('what is left before the deadline of a notice', () => {
  it.each([
    ['forward', HOUR],
    ['back', -HOUR],
  ])('stays what it was when the wall clock steps %s', (_way, byMs) => {
    const { wall, clock, startedAt, leftMs } = aHost();
    const deadlineAt = startedAt + 100 * SECOND;
    clock.heed(notice(deadlineAt));
    wall.advance(10 * SECOND);
    wall.stepWall(byMs);
    clock.heed(notice(deadlineAt));
    expect(leftMs(deadlineAt)).toBe(90 * SECOND);
  });

  it('is two minutes at most where the wall clock is behind', () => {
    const { wall, clock, startedAt, leftMs } = aHost();
    const deadlineAt = startedAt + 119 * SECOND;
    wall.stepWall(-HOUR);
    clock.heed(notice(deadlineAt));
    expect(leftMs(deadlineAt)).toBe(120 * SECOND);
  });

  it('is nothing, and not long past, where the wall clock is ahead', () => {
    const { wall, clock, startedAt, leftMs } = aHost();
    const deadlineAt = startedAt + 119 * SECOND;
    wall.stepWall(HOUR);
    clock.heed(notice(deadlineAt));
    expect(leftMs(deadlineAt)).toBe(0);
  });

  it('goes on to be past when EC2 misses it', () => {
    const { wall, clock, startedAt, leftMs } = aHost();
    const deadlineAt = startedAt + 100 * SECOND;
    clock.heed(notice(deadlineAt));
    wall.advance(130 * SECOND);
    clock.heed(notice(deadlineAt));
    expect(leftMs(deadlineAt)).toBe(-30 * SECOND);
  });

  it('is bounded again when another notice follows', () => {
    const { wall, clock, startedAt, leftMs } = aHost();
    wall.stepWall(HOUR);
    clock.heed(notice(startedAt + 60 * SECOND));
    clock.heed(notice(startedAt + HOUR));
    expect(leftMs(startedAt + HOUR)).toBe(120 * SECOND);
  });

  it('is the same for the next process of this boot', () => {
    const { wall, clock, startedAt, leftMs, logger } = aHost();
    const deadlineAt = startedAt + 100 * SECOND;
    clock.heed(notice(deadlineAt));
    wall.advance(10 * SECOND);
    wall.stepWall(-HOUR);
    const next = new ResponseClock(wall, logger);
    next.takeUp(clock.hold);
    next.heed(notice(deadlineAt));
    expect(deadlineAt - next.now()).toBe(leftMs(deadlineAt));
  });

  it('follows the wall clock where memory is frozen, as no other clock goes on in that', () => {
    const { wall, clock, startedAt, leftMs } = aHost();
    const said = notice(startedAt + 100 * SECOND, 'hibernate');
    clock.heed(said);
    clock.follow(causeOf({ kind: 'interruption', key: 'interruption/hibernate/0', action: 'hibernate' }));
    wall.stepWall(HOUR);
    expect(leftMs(said.deadlineAt)).toBe(100 * SECOND - HOUR);
  });
});

describe('a clock that does not fit a notice', () => {
  it('is told once', () => {
    const { wall, clock, startedAt, lines } = aHost();
    wall.stepWall(-HOUR);
    clock.heed(notice(startedAt + 119 * SECOND));
    clock.heed(notice(startedAt + 119 * SECOND));
    expect(lines).toMatchObject([{ level: 'warn', message: expect.stringContaining('does not fit the notice') }]);
  });

  it('is not told of for a moment', () => {
    const { clock, startedAt, lines } = aHost();
    clock.heed(notice(startedAt + 121 * SECOND));
    expect(lines).toEqual([]);
  });
});

describe('the wall clock', () => {
  it.each([
    ['nothing is answered', null],
    ['what is answered can wait', causeOf({ isVoluntary: true })],
  ])('is followed while %s', (_what, cause) => {
    const { wall, clock, startedAt } = aHost();
    clock.follow(cause);
    wall.stepWall(HOUR);
    expect(clock.now()).toBe(startedAt + HOUR);
  });

  it('is followed again when what pressed is over', () => {
    const { wall, clock, startedAt } = aHost();
    clock.follow(causeOf());
    wall.stepWall(HOUR);
    expect(clock.now()).toBe(startedAt);
    clock.follow(null);
    expect(clock.now()).toBe(startedAt + HOUR);
  });
});
