// The README says what the code does. Where the two differ, the message shows the table as it should be.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  PART_WORDS,
  RETIREMENT_WORDS,
  SCALE_IN_WORDS,
  STANDING_WORDS,
  TARGET_WORDS,
  UNREMOVABLE_WORDS,
} from '../../src/cli/words.ts';
import { AGENT_SETTINGS } from '../../src/config/agent.ts';
import { CONTROLLER_SETTINGS } from '../../src/config/controller-settings.ts';
import { FLEET_SETTINGS } from '../../src/config/fleet.ts';
import { figuresOf } from '../../src/controller/figures.ts';
import { FAILURE_CODES } from '../../src/ports/failure.ts';
import { EXIT, INTERRUPTED } from '../../src/runtime/exit-codes.ts';
import { aReport } from '../cli/a-report.ts';
import { firstCells, settingsTable, wordsTable } from './tables.ts';

const readme = readFileSync('README.md', 'utf8');

describe('the README', () => {
  it.each([
    ['agent', AGENT_SETTINGS],
    ['controller', CONTROLLER_SETTINGS],
    ['fleet', FLEET_SETTINGS],
  ])('lists every key of the %s configuration as it is', (_name, table) => {
    expect(readme).toContain(`\n\n${settingsTable(table)}\n\n`);
  });

  it.each([
    ['target', TARGET_WORDS],
    ['scale-in', SCALE_IN_WORDS],
    ['may not leave', UNREMOVABLE_WORDS],
    ['standing', STANDING_WORDS],
    ['retirement', RETIREMENT_WORDS],
    ['part', PART_WORDS],
  ])('explains every reason of %s in the words of the report', (head, words) => {
    expect(readme).toContain(`\n\n${wordsTable(head, words)}\n\n`);
  });

  it('lists every metric', () => {
    expect(firstCells(readme, '## Metrics')).toEqual(figuresOf(aReport(), 'general', 0).map(({ name }) => name));
  });

  it('lists every exit code', () => {
    expect(firstCells(readme, '### Exit codes')).toEqual([...Object.values(EXIT), INTERRUPTED].map(String));
  });

  it('lists every error code', () => {
    expect(firstCells(readme, '### Error codes')).toEqual(Object.keys(FAILURE_CODES));
  });

  it('lists every AWS permission that is used, and no other', () => {
    const listed = [...firstCells(readme, '### The agent'), ...firstCells(readme, '### The controller')];
    expect([...new Set(listed)].sort()).toEqual(permissionsUsed());
  });

  it('links only to files that are there', () => {
    const links = [...readme.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, path]) => path ?? '');
    expect(links.filter((path) => !existsSync(path))).toEqual([]);
    expect(links.length).toBeGreaterThan(0);
  });

  it('names only settings that exist', () => {
    const known = [AGENT_SETTINGS, CONTROLLER_SETTINGS].flatMap((table) =>
      Object.values(table).flatMap(({ env }) => env),
    );
    const named = [...readme.matchAll(/\bSPOTKEEPER_[A-Z_]+\b/g)].map(([name]) => name);
    expect(named.filter((name) => name !== 'SPOTKEEPER_CONFIG' && !(known as string[]).includes(name))).toEqual([]);
  });
});

/** `ecs:StopTask` for every command that `src/aws` imports from the SDK. */
function permissionsUsed(): string[] {
  const files = readdirSync('src/aws').map((name) => readFileSync(join('src/aws', name), 'utf8'));
  const permissions = files.flatMap((text) =>
    [...text.matchAll(/import \{([^}]*)\} from '@aws-sdk\/client-(\w+)'/g)].flatMap(([, names = '', client]) =>
      [...names.matchAll(/\b(\w+)Command\b/g)].map(([, action]) => `${client}:${action}`),
    ),
  );
  return [...new Set(permissions)].sort();
}
