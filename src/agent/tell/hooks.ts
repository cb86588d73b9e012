// Hooks: an operator's own programs, run at each moment of a response, one after the other and within one time box. They
// can do a lot on this host, but nothing to the response: it never waits longer than the box, and never fails because of
// them.
import { join } from 'node:path';
import type { Clock } from '../../ports/clock.ts';
import { Failure } from '../../ports/failure.ts';
import type { Logger } from '../../ports/logger.ts';
import { withinTime } from '../../ports/time-limit.ts';
import { type Ended, runExecutable } from '../../runtime/run-executable.ts';
import type { AgentEvent } from './event.ts';
import { findHooks, type HookFiles } from './hook-files.ts';

export interface HookOptions {
  readonly directory: string;
  /** For all hooks of one moment together; after it they are ended, which takes 2.4 seconds more at most. */
  readonly limitMs: number;
  /** Ours. Of it a hook sees PATH and HOME, because the rest may hold credentials. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What a hook reads of the event without parsing JSON; a text is empty where nothing is known. */
export const HOOK_VARIABLES = {
  SPOTKEEPER_MOMENT: ({ moment }) => moment,
  SPOTKEEPER_SIGNAL: ({ signal }) => signal,
  SPOTKEEPER_ACTION: ({ action }) => action,
  SPOTKEEPER_DEADLINE: ({ deadline }) => deadline,
  SPOTKEEPER_INSTANCE_ID: ({ instanceId }) => instanceId,
  SPOTKEEPER_CLUSTER: ({ cluster }) => cluster,
  SPOTKEEPER_CONTAINER_INSTANCE_ARN: ({ containerInstanceArn }) => containerInstanceArn,
} as const satisfies Record<string, (event: AgentEvent) => string | null>;

/** Whether anything would be run. What would not, though an operator may have meant it to be, is said. */
export function hasHooks({ directory, logger }: Pick<HookOptions, 'directory' | 'logger'>): boolean {
  const found = lookFor(directory, logger);
  if (found.hooks.length > 0) logger.info({ directory, hooks: found.hooks }, 'hooks will be run');
  return found.hooks.length > 0;
}

/** Runs all hooks of the directory. Resolves when they have ended, or when their time is over; it never rejects. */
export async function runHooks(event: AgentEvent, options: HookOptions, signal: AbortSignal): Promise<void> {
  const { directory, limitMs, clock, logger } = options;
  const { hooks } = lookFor(directory, logger);
  await withinTime({ clock, limitMs, signal }, async (within) => {
    for (const hook of hooks) {
      if (!within.aborted) await runOne(hook, event, options, within);
      else if (!signal.aborted) logger.warn({ hook, moment: event.moment }, 'hook not run: the time for hooks is over');
    }
  });
}

async function runOne(hook: string, event: AgentEvent, options: HookOptions, within: AbortSignal): Promise<void> {
  const { directory, env, clock, logger } = options;
  const executable = {
    path: join(directory, hook),
    env: environmentOf(event, env),
    stdin: `${JSON.stringify(event)}\n`,
  };
  const startedMs = clock.monotonicMs();
  try {
    const ended = await runExecutable(executable, clock, within);
    const tookMs = Math.round(clock.monotonicMs() - startedMs);
    say(logger, { hook, moment: event.moment, tookMs }, ended, within.aborted);
  } catch (err) {
    logger.warn({ err, hook, moment: event.moment }, 'hook cannot be started');
  }
}

function say(logger: Logger, about: object, { exitCode, signal, stdout, stderr }: Ended, wasEnded: boolean): void {
  const said = { ...(stdout === '' ? {} : { stdout }), ...(stderr === '' ? {} : { stderr }) };
  const fields = { ...about, exitCode, ...(signal === null ? {} : { signal }), ...said };
  if (wasEnded) logger.warn(fields, 'hook ended before it was done: its time is over');
  else if (exitCode === 0) logger.info(fields, 'hook has run');
  else logger.warn(fields, 'hook failed; the response goes on');
}

function environmentOf(event: AgentEvent, { PATH, HOME }: HookOptions['env']): Record<string, string> {
  const variables = Object.entries(HOOK_VARIABLES).map(([name, textOf]) => [name, textOf(event) ?? '']);
  return {
    ...(PATH === undefined ? {} : { PATH }),
    ...(HOME === undefined ? {} : { HOME }),
    ...Object.fromEntries(variables),
  };
}

function lookFor(directory: string, logger: Logger): HookFiles {
  try {
    const found = findHooks(directory);
    for (const { hook, why } of found.skipped) logger.warn({ directory, hook, why }, 'hook is not run');
    return found;
  } catch (cause) {
    const err = new Failure('bad-configuration', `reading the directory of hooks ${directory}`, { cause });
    logger.warn({ err }, 'no hooks are run');
    return { hooks: [], skipped: [] };
  }
}
