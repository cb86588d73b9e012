// Every scenario, played and held against the transcript that was recorded of it. After a change that is meant to change
// what happens: UPDATE_TRANSCRIPTS=1 npx vitest run test/simulator/scenarios.test.ts, and read what git shows.
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { play } from '../../src/simulator/play/play.ts';
import { renderLine } from '../../src/simulator/play/told.ts';
import { blind } from './scenarios/blind.ts';
import { calm } from './scenarios/calm.ts';
import { people } from './scenarios/people.ts';
import { storm } from './scenarios/storm.ts';

for (const scenario of [calm, storm, blind, people]) {
  test(`the play "${scenario.name}" goes as it is written down, and breaks no invariant`, async () => {
    const { lines, violations } = await play(scenario);
    const transcript = `${lines.map(renderLine).join('\n')}\n`;
    const file = new URL(`transcripts/${scenario.name}.txt`, import.meta.url);
    if (process.env.UPDATE_TRANSCRIPTS === '1') writeFileSync(file, transcript);
    expect(violations).toEqual([]);
    expect(transcript).toBe(readFileSync(file, 'utf8'));
  });
}

test('a play is the same whenever it is played', async () => {
  const short = { ...calm, hours: 1 };
  expect((await play(short)).lines).toEqual((await play(short)).lines);
});
