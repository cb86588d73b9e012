// `spotkeeper config check`: reads files exactly as the processes do and says what they would say.
import { basename, dirname } from 'node:path';
import { readAgentConfig } from '../config/agent.ts';
import { AGENT_SETTINGS } from '../config/agent-settings.ts';
import { readControllerConfig } from '../config/controller.ts';
import { CONTROLLER_SETTINGS } from '../config/controller-settings.ts';
import { type Environment, firstSet } from '../config/environment.ts';
import { FLEET_SETTINGS, readFleetFile } from '../config/fleet.ts';
import { badConfiguration } from '../config/mistake.ts';
import type { Settings } from '../config/settings.ts';
import { readYamlFile } from '../config/yaml-file.ts';
import { Failure } from '../ports/failure.ts';
import { EXIT, type ExitCode } from '../runtime/exit-codes.ts';
import type { CheckOptions } from './program.ts';
import type { Streams } from './writer.ts';

type Kind = 'agent' | 'controller' | 'fleet';

interface Checked {
  readonly file: string;
  readonly kind: Kind;
  /** One line each; empty when the file is good. */
  readonly mistakes: readonly string[];
}

/**
 * Prints a line for each file or mistake. The environment counts as it would for the process itself.
 * @returns 0 when every file is good, 2 otherwise
 * @throws Failure `bad-configuration` when there is no file to check
 */
export function checkConfig({ files, isJson }: CheckOptions, env: Environment, streams: Streams): ExitCode {
  const checked = filesToCheck(files, env).map((file) => checkFile(file, env));
  const isGood = checked.every(({ mistakes }) => mistakes.length === 0);
  if (isJson) {
    const facts = checked.map((one) => ({ ...one, isGood: one.mistakes.length === 0 }));
    streams.stdout.write(`${JSON.stringify({ isGood, files: facts }, null, 2)}\n`);
  } else {
    for (const { file, kind, mistakes } of checked) {
      if (mistakes.length === 0) streams.stdout.write(`${file}: a good ${kind} configuration\n`);
      for (const mistake of mistakes) streams.stderr.write(`${mistake}\n`);
    }
  }
  return isGood ? EXIT.done : EXIT.badConfiguration;
}

function filesToCheck(files: readonly string[], env: Environment): readonly string[] {
  if (files.length > 0) return files;
  const configured = firstSet(env, ['SPOTKEEPER_CONFIG']);
  if (configured === null)
    throw new Failure('bad-configuration', 'no file to check: name one, or set SPOTKEEPER_CONFIG');
  return [configured.text];
}

function checkFile(file: string, env: Environment): Checked {
  const kind = kindOf(file);
  try {
    read(kind, file, env);
    return { file, kind, mistakes: [] };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { file, kind, mistakes: error.message.split('\n') };
  }
}

function read(kind: Kind, file: string, env: Environment): void {
  const input = { file, env, flags: {}, isTerminal: false };
  if (kind === 'agent') readAgentConfig(input);
  else if (kind === 'controller') readControllerConfig(input);
  else {
    const { mistakes } = readFleetFile(file);
    if (mistakes.length > 0) throw badConfiguration(mistakes);
  }
}

const TABLES: readonly (readonly [Kind, Settings])[] = [
  ['controller', CONTROLLER_SETTINGS],
  ['agent', AGENT_SETTINGS],
  ['fleet', FLEET_SETTINGS],
];

/** The kind most of the file's keys belong to; where they do not tell, the file's name and folder do. */
function kindOf(file: string): Kind {
  const names = readYamlFile(file).entries.map(({ name }) => name);
  const scores = TABLES.map(([kind, table]) => {
    const known = new Set(Object.keys(table).map((key) => key.split('.')[0]));
    const named = basename(file).includes(kind) || (kind === 'fleet' && basename(dirname(file)) === 'fleets');
    return { kind, score: names.filter((name) => known.has(name)).length + (named ? 0.5 : 0) };
  });
  return scores.reduce((best, next) => (next.score > best.score ? next : best)).kind;
}
