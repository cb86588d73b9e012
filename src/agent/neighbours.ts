// Who else on this host may answer an interruption notice. Nobody is fought: who is found is named, with what the two of
// us together come to. Pure over facts; a reader of the facts stands beside it.
import { readdir, readFile } from 'node:fs/promises';
import { explain } from '../ports/failure.ts';
import type { Logger } from '../ports/logger.ts';
import { DEFAULT_STOP_TIMEOUT_MS, isSwitchedOn } from './ecs-agent-config.ts';

export interface NeighbourFacts {
  /** The text of the ECS agent's configuration; null where there is none, or it cannot be read. */
  readonly ecsConfig: string | null;
  /** Why it cannot be read although it is there; null otherwise. */
  readonly ecsConfigProblem: string | null;
  /** Names of systemd unit files. */
  readonly units: readonly string[];
  /** Images of the tasks on this host. */
  readonly images: readonly string[];
}

export interface Neighbour {
  readonly kind:
    | 'ecs-agent-draining'
    | 'unreadable-ecs-config'
    | 'lifecycled'
    | 'node-termination-handler'
    | 'drain-script';
  /** What was found: a setting, a unit or an image. */
  readonly found: string;
  /** What the two of us come to. */
  readonly meaning: string;
  readonly isHarmless: boolean;
}

type Handler = Exclude<Neighbour['kind'], 'ecs-agent-draining' | 'unreadable-ecs-config'>;

/** In this order: the first pattern that a name matches says what it is. */
const HANDLERS: readonly { readonly kind: Handler; readonly pattern: RegExp; readonly meaning: string }[] = [
  {
    kind: 'lifecycled',
    pattern: /lifecycled/i,
    meaning:
      'lifecycled runs its own handler and then completes the lifecycle action: it may end the instance before tasks have stopped',
  },
  {
    kind: 'node-termination-handler',
    pattern: /node-termination-handler/i,
    meaning:
      'aws-node-termination-handler is made for Kubernetes: it does not drain ECS, but it may complete the lifecycle action and so end the instance before tasks have stopped',
  },
  {
    kind: 'drain-script',
    pattern: /(?=.*(?:spot|ecs|ec2))(?=.*(?:drain|interrupt|terminat|notice))/i,
    meaning:
      'by its name it answers interruption notices too: DRAINING set twice is harmless, but it may stop tasks or end the instance before their time',
  },
];

const OURS = /spotkeeper/i;

/** Each thing found once, in the order of the facts. */
export function neighboursOf({ ecsConfig, ecsConfigProblem, units, images }: NeighbourFacts): Neighbour[] {
  const names = [...units, ...images.map(nameOfImage)].filter((name) => !OURS.test(name));
  const handlers = [...new Set(names)].flatMap((name) => handlerNamed(name) ?? []);
  return [...ecsAgentsOwn(ecsConfig), ...unreadable(ecsConfigProblem), ...handlers];
}

function ecsAgentsOwn(config: string | null): Neighbour[] {
  if (!isSwitchedOn(config, 'ECS_ENABLE_SPOT_INSTANCE_DRAINING')) return [];
  return [
    {
      kind: 'ecs-agent-draining',
      found: 'ECS_ENABLE_SPOT_INSTANCE_DRAINING=true',
      meaning: 'the ECS agent drains on interruption notices itself: harmless, both set the same state',
      isHarmless: true,
    },
  ];
}

function unreadable(problem: string | null): Neighbour[] {
  if (problem === null) return [];
  const meaning = `whether the ECS agent drains by itself is not known; and containers whose definition sets no stopTimeout count as having ${DEFAULT_STOP_TIMEOUT_MS / 1_000} s to stop, whatever ECS_CONTAINER_STOP_TIMEOUT says there`;
  return [{ kind: 'unreadable-ecs-config', found: problem, meaning, isHarmless: false }];
}

function handlerNamed(name: string): Neighbour | null {
  const handler = HANDLERS.find(({ pattern }) => pattern.test(name));
  return handler === undefined
    ? null
    : { kind: handler.kind, found: name, meaning: handler.meaning, isHarmless: false };
}

/** `registry:5000/team/name:tag@sha256:…` is `name`: the rest says nothing of what it does. */
function nameOfImage(image: string): string {
  const [path = ''] = image.split('@');
  const [name = ''] = path.slice(path.lastIndexOf('/') + 1).split(':');
  return name;
}

const ECS_CONFIG = '/etc/ecs/ecs.config';
const UNIT_FOLDERS: readonly string[] = ['/etc/systemd/system', '/usr/lib/systemd/system'];

/**
 * What is not there is no finding: other systems keep things elsewhere. Nor are units that cannot be listed; but the
 * configuration of the ECS agent decides when tasks are stopped, so that it cannot be read is one.
 */
export async function readNeighbourFacts(
  images: readonly string[],
  { ecsConfig = ECS_CONFIG, unitFolders = UNIT_FOLDERS } = {},
): Promise<NeighbourFacts> {
  const units = await Promise.all(unitFolders.map((folder) => readdir(folder).catch(() => [])));
  const config = await readIfThere(ecsConfig);
  return { ...config, units: units.flat().filter((name) => /\.(?:service|timer)$/.test(name)), images };
}

async function readIfThere(path: string): Promise<Pick<NeighbourFacts, 'ecsConfig' | 'ecsConfigProblem'>> {
  try {
    return { ecsConfig: await readFile(path, 'utf8'), ecsConfigProblem: null };
  } catch (error) {
    const isAbsent = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return { ecsConfig: null, ecsConfigProblem: isAbsent ? null : explain(error) };
  }
}

export function tellNeighbours(neighbours: readonly Neighbour[], logger: Logger): void {
  for (const { kind, found, meaning, isHarmless } of neighbours) {
    const tell = isHarmless ? logger.info.bind(logger) : logger.warn.bind(logger);
    const message =
      kind === 'unreadable-ecs-config'
        ? 'the configuration of the ECS agent cannot be read'
        : 'somebody else on this host may answer interruption notices';
    tell({ kind, found, meaning }, message);
  }
}
