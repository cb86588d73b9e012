// Whose configuration a file is, by its keys: named by mistake for another process, each of its keys would be a mistake.
// The keys stand here once more, held to the settings by a test, because the agent carries no settings of the controller.
import type { Mistake } from './mistake.ts';
import { readYamlFile } from './yaml-file.ts';

export type FileKind = 'agent' | 'controller' | 'fleet';

/** The first part of the keys that no other kind of file has. */
export const OWN_KEYS: Readonly<Record<FileKind, readonly string[]>> = {
  agent: [
    'metadataEndpoint',
    'ecsAgentEndpoint',
    'interruption',
    'rebalance',
    'maintenance',
    'targetState',
    'hostShutdown',
    'stopMarginSeconds',
    'standaloneTasks',
    'hooks',
    'webhooks',
    'controller',
    'notice',
    'requiredDaemons',
    'runtimeDirectory',
    'stateDirectory',
    'blindAfterSeconds',
  ],
  controller: [
    'cluster',
    'mode',
    'safety',
    'schedule',
    'fastLane',
    'poke',
    'fleets',
    'lease',
    'headroom',
    'scaleIn',
    'retirement',
    'interruptions',
    'orphans',
    'pendingDebounceSeconds',
    'joinGraceSeconds',
    'disconnectGraceSeconds',
    'status',
    'metrics',
    'recording',
  ],
  fleet: ['name', 'api', 'id', 'targetCapacity', 'onDemand'],
};

const KINDS = ['agent', 'controller', 'fleet'] as const satisfies readonly FileKind[];

/** The one mistake of a file with more keys of another kind than of this; null where it is this kind, or no file at all. */
export function wrongKind(path: string | null, wanted: FileKind): Mistake | null {
  if (path === null) return null;
  const names = readYamlFile(path).entries.map(({ name }) => name);
  const scoreOf = (kind: FileKind) => names.filter((name) => OWN_KEYS[kind].includes(name)).length;
  const found = KINDS.reduce((best, next) => (scoreOf(next) > scoreOf(best) ? next : best), wanted);
  if (found === wanted) return null;
  return {
    source: path,
    line: null,
    key: null,
    problem: `this is the file of ${WITH_ARTICLE[found]}, not of ${WITH_ARTICLE[wanted]}`,
  };
}

const WITH_ARTICLE = { agent: 'an agent', controller: 'a controller', fleet: 'a fleet' } as const satisfies Record<
  FileKind,
  string
>;
