import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { AGENT_SETTINGS } from '../../src/config/agent-settings.ts';
import { CONTROLLER_SETTINGS } from '../../src/config/controller-settings.ts';
import { FLEET_SETTINGS } from '../../src/config/fleet.ts';
import { readSettings, type Settings } from '../../src/config/settings.ts';
import { filesWith } from './files.ts';

const TABLES: readonly (readonly [string, Settings])[] = [
  ['agent', AGENT_SETTINGS],
  ['controller', CONTROLLER_SETTINGS],
  ['fleet', FLEET_SETTINGS],
];

const scalar = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom('5s', '0x10', 'yes', '~', 'dynamodb', 'eu-west-1', '*/5 * * * * *', 'sfr-1'),
);

/** `{ a: { b: value } }` for `a.b`. */
const nested = (key: string, value: unknown): unknown =>
  key.split('.').reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);

describe.each(TABLES)('the %s settings', (_name, table) => {
  it('accept any scalar in any key, or say what is wrong and name the key', () => {
    const property = fc.property(fc.constantFrom(...Object.keys(table)), scalar, (key, value) => {
      const file = filesWith({ 'a.yaml': stringify(nested(key, value)) })('a.yaml');
      const { values, mistakes } = readSettings(table, { flags: {}, env: {}, file });
      const about = mistakes.filter((mistake) => mistake.key === key);
      if (about.length > 0)
        expect(about.map(({ source, line }) => [source, line !== null])).toContainEqual([file, true]);
      else expect(values[key]).toEqual(value);
    });
    fc.assert(property, { numRuns: 200 });
  });

  it('accept any text from the environment in any key, or say what is wrong and name the variable', () => {
    const keys = Object.entries(table).filter(([, { env }]) => env.length > 0);
    if (keys.length === 0) return;
    const property = fc.property(
      fc.constantFrom(...keys),
      fc.string({ minLength: 1 }),
      ([key, { env, format }], text) => {
        const name = env[0] ?? '';
        const { values, mistakes } = readSettings(table, { flags: {}, env: { [name]: text }, file: null });
        const isRefused = mistakes.some((mistake) => mistake.key === key && mistake.source === name);
        expect(isRefused || format.accepts(values[key])).toBe(true);
      },
    );
    fc.assert(property, { numRuns: 200 });
  });

  it('have defaults that they accept themselves', () => {
    const wrong = Object.entries(table).filter(
      ([, { format, default: value }]) => value !== undefined && !format.accepts(value),
    );
    expect(wrong.map(([key]) => key)).toEqual([]);
  });

  it('name their variables after their keys', () => {
    const expected = (key: string) =>
      `SPOTKEEPER_${key
        .replace(/([a-z])([A-Z])/g, '$1_$2')
        .replace('.', '_')
        .toUpperCase()}`;
    const strange = Object.entries(table).filter(([key, { env }]) => env.length > 0 && env[0] !== expected(key));
    expect(strange.map(([key]) => key)).toEqual([]);
  });
});

describe('any file at all', () => {
  it('is read or refused, and never crashes the reader', () => {
    const property = fc.property(
      fc.oneof(fc.string(), fc.json(), fc.string({ unit: fc.constantFrom(...'a:-[]{}&*!|>\'"%@`# \n\t') })),
      (text) => {
        const file = filesWith({ 'a.yaml': text })('a.yaml');
        expect(Array.isArray(readSettings(CONTROLLER_SETTINGS, { flags: {}, env: {}, file }).mistakes)).toBe(true);
      },
    );
    fc.assert(property, { numRuns: 300 });
  });
});
