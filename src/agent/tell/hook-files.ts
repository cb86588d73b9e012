// Which files of the hooks' directory are hooks: executables, as an operator or a package put them there, and not what
// editors and package managers leave beside them.
import { accessSync, constants, readdirSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';

export interface HookFiles {
  /** Names in the order in which they are run. */
  readonly hooks: readonly string[];
  /** Those that look like hooks and are not run. */
  readonly skipped: readonly { readonly hook: string; readonly why: string }[];
}

/** https://manpages.debian.org/run-parts leaves the same aside, by a stricter rule that would not let `10-log.sh` through. */
const LEFTOVER = /^\.|~$|\.bak$|\.orig$|\.rpm(?:save|new|orig)$|\.dpkg-[\w-]+$/;

const WRITABLE_BY_OTHERS = 0o002;

/** A directory that is not there holds no hooks. Throws when it cannot be read. */
export function findHooks(directory: string): HookFiles {
  const folder = statSync(directory, { throwIfNoEntry: false });
  if (folder === undefined) return { hooks: [], skipped: [] };
  const found = readdirSync(directory)
    .filter((name) => !LEFTOVER.test(name))
    .sort()
    .flatMap((hook) => {
      const path = join(directory, hook);
      // Through links, as a link is how configuration management installs a file; one that leads nowhere is none.
      const stats = statSync(path, { throwIfNoEntry: false });
      return stats?.isFile() ? [{ hook, why: whyNot(path, stats, folder) }] : [];
    });
  return {
    hooks: found.flatMap(({ hook, why }) => (why === null ? [hook] : [])),
    skipped: found.flatMap(({ hook, why }) => (why === null ? [] : [{ hook, why }])),
  };
}

/** Why this file is not run; null when it is. Whoever may write it would otherwise run what they like as us. */
function whyNot(path: string, file: Stats, folder: Stats): string | null {
  if ((folder.mode & WRITABLE_BY_OTHERS) !== 0) return 'everybody may write to its directory';
  if ((file.mode & WRITABLE_BY_OTHERS) !== 0) return 'everybody may write to it';
  try {
    accessSync(path, constants.X_OK);
    return null;
  } catch {
    return 'the agent may not execute it';
  }
}
