import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/ports/failure.ts';
import { EXIT, exitCodeFor } from '../../src/runtime/exit-codes.ts';

describe('an exit code', () => {
  it('is 2 where an operator must act, so that systemd does not start the process again', () => {
    expect(exitCodeFor(new Failure('not-on-ec2', 'x'))).toBe(EXIT.badConfiguration);
    expect(exitCodeFor(new Failure('bad-configuration', 'x'))).toBe(2);
  });

  it('is 1 where the world or a bug is to blame', () => {
    expect(exitCodeFor(new Failure('throttled', 'x'))).toBe(EXIT.failed);
    expect(exitCodeFor(new Failure('invariant-broken', 'x'))).toBe(EXIT.failed);
    expect(exitCodeFor(new TypeError('x'))).toBe(1);
  });

  it('keeps the numbers of the contract', () => {
    expect(EXIT).toEqual({ done: 0, failed: 1, badConfiguration: 2, refused: 3, timedOut: 4 });
  });
});
