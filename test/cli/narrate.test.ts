import { describe, expect, it } from 'vitest';
import { createNarrator } from '../../src/cli/narrate.ts';
import { COLOR_PAINT, NO_PAINT } from '../../src/cli/paint.ts';
import type { StoryEvent } from '../../src/sandbox/story/narrator.ts';

const STORY: readonly StoryEvent[] = [
  { kind: 'opening', lines: ['A pretend AWS.'] },
  { kind: 'act', number: 1, title: 'steady state' },
  { kind: 'waiting', text: 'a controller to lead' },
  { kind: 'note', text: 'controller-a leads' },
  { kind: 'waiting', text: null },
];

function told(style: Parameters<typeof createNarrator>[1]): string {
  const texts: string[] = [];
  const narrator = createNarrator({ write: (text) => texts.push(text) }, style);
  for (const event of STORY) narrator.tell(event, 12_340);
  return texts.join('');
}

describe('the narration', () => {
  it('is plain lines when it is piped', () => {
    expect(told({ paint: NO_PAINT, isTerminal: false })).toBe(
      'A pretend AWS.\n\nAct 1: steady state\n  12.3 s  controller-a leads\n',
    );
  });

  it('shows on a terminal what is waited for, under the newest line', () => {
    const shown = told({ paint: NO_PAINT, isTerminal: true });
    expect(shown).toContain('controller-a leads\n\r\u001b[2K          ... waiting for a controller to lead');
    expect(shown.endsWith('\r\u001b[2K')).toBe(true);
  });

  it('has colour only when it is painted', () => {
    expect(told({ paint: COLOR_PAINT, isTerminal: false })).toContain('\u001b[1mAct 1: steady state\u001b[0m');
    expect(told({ paint: NO_PAINT, isTerminal: false })).not.toContain('\u001b');
  });
});
