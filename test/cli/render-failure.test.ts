import { describe, expect, it } from 'vitest';
import { renderFailure } from '../../src/cli/render-failure.ts';
import { Failure } from '../../src/ports/failure.ts';

describe('what a command says when it dies', () => {
  it('is the code, what was being done and the causes, in one line', () => {
    const failure = new Failure('access-denied', 'describing cluster web', { cause: new Error('not authorized') });
    expect(renderFailure(failure)).toBe('spotkeeper: [access-denied] describing cluster web: not authorized\n');
  });

  it('is a line for each mistake of the configuration, each by itself to be read and found', () => {
    expect(renderFailure(new Failure('bad-configuration', 'a.yaml:1: x: wrong\na.yaml:2: y: wrong'))).toBe(
      'spotkeeper: [bad-configuration] a.yaml:1: x: wrong\nspotkeeper: [bad-configuration] a.yaml:2: y: wrong\n',
    );
  });

  it('is the stack, with that of its cause, when it is a bug', () => {
    const bug = new TypeError('x is not a function', { cause: new RangeError('too far') });
    const lines = renderFailure(bug).split('\n');
    expect(lines[0]).toBe('spotkeeper: a bug of ours; please report it with the lines that follow');
    expect(lines[1]).toBe('TypeError: x is not a function');
    expect(lines[2]).toMatch(/^ {4}at /);
    expect(lines.join('\n')).toContain('RangeError: too far');
  });

  it('is whatever was thrown, when that is no error at all', () => {
    expect(renderFailure('oops')).toContain("'oops'\n");
  });
});
