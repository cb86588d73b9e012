import { describe, expect, it } from 'vitest';
import { readAgentConfig } from '../../src/config/agent.ts';
import { AGENT_SETTINGS } from '../../src/config/agent-settings.ts';
import { readControllerConfig } from '../../src/config/controller.ts';
import { CONTROLLER_SETTINGS } from '../../src/config/controller-settings.ts';
import { OWN_KEYS } from '../../src/config/file-kind.ts';
import { FLEET_SETTINGS } from '../../src/config/fleet.ts';
import { CONTROLLER, FLEET, filesWith, messageOf } from './files.ts';

const TABLES = { agent: AGENT_SETTINGS, controller: CONTROLLER_SETTINGS, fleet: FLEET_SETTINGS };
const firstParts = (table: object): string[] => [
  ...new Set(Object.keys(table).map((key) => key.split('.', 1)[0] ?? '')),
];
const AGENT = 'interruption: { pollSeconds: 2 }\nhooks: { limitSeconds: 5 }\nregion: eu-west-1\n';

describe('the kind of a file', () => {
  it.each(['agent', 'controller', 'fleet'] as const)('is known by all keys that only the %s has', (kind) => {
    const others = Object.entries(TABLES).flatMap(([name, table]) => (name === kind ? [] : firstParts(table)));
    const own = firstParts(TABLES[kind]).filter((key) => !others.includes(key));
    expect([...OWN_KEYS[kind]].sort()).toEqual(own.sort());
  });

  it.each([
    ['an agent', readAgentConfig, CONTROLLER, 'a controller'],
    ['an agent', readAgentConfig, FLEET, 'a fleet'],
    ['a controller', readControllerConfig, AGENT, 'an agent'],
    ['a controller', readControllerConfig, FLEET, 'a fleet'],
  ])('is told in one line where %s gets that of another', (wanted, read, text, found) => {
    const file = filesWith({ 'some.yaml': text })('some.yaml');
    expect(messageOf(() => read({ file, env: {}, flags: {}, isTerminal: false }))).toBe(
      `${file}: this is the file of ${found}, not of ${wanted}`,
    );
  });

  it('is not in doubt for a key that is misspelt', () => {
    const file = filesWith({ 'some.yaml': 'standaloneTask: wait\n' })('some.yaml');
    expect(messageOf(() => readAgentConfig({ file, env: {}, flags: {}, isTerminal: false }))).toContain(
      'unknown key; did you mean standaloneTasks?',
    );
  });
});
