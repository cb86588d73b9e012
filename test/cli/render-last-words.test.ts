import { describe, expect, it } from 'vitest';
import { renderLastWords } from '../../src/cli/render-last-words.ts';

describe('the last words of processes', () => {
  it('are the newest lines of each', () => {
    const lines = Array.from({ length: 20 }, (_, index) => `line ${index}`);
    const page = renderLastWords([{ name: 'controller-a', lines }]);
    expect(page).toContain('controller-a wrote last:\n  line 8\n');
    expect(page.endsWith('  line 19\n')).toBe(true);
  });

  it('leave out who wrote nothing', () => {
    expect(renderLastWords([{ name: 'controller-a', lines: [] }])).toBe('');
  });
});
