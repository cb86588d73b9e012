import { describe, expect, it } from 'vitest';
import { Latest } from '../../src/agent/latest.ts';

const never = new AbortController().signal;

describe('the latest value', () => {
  it('is handed over once, whether it came before the question or after it', async () => {
    const latest = new Latest<string>();
    latest.put('a');
    expect(await latest.next(never)).toBe('a');
    const next = latest.next(never);
    latest.put('b');
    expect(await next).toBe('b');
  });

  it('takes the place of one that nobody has taken', async () => {
    const latest = new Latest<string>();
    latest.put('a');
    latest.put('b');
    expect(await latest.next(never)).toBe('b');
  });

  it('is none when the signal aborts', async () => {
    const controller = new AbortController();
    const next = new Latest<string>().next(controller.signal);
    controller.abort();
    expect(await next).toBe(null);
    expect(await new Latest<string>().next(AbortSignal.abort())).toBe(null);
  });
});
