// Where a path that an operator wrote down leads.
import { dirname, resolve } from 'node:path';
import type { Origin } from './settings.ts';

/** A path in a file is relative to that file, one from the environment to the working directory. */
export function pathFrom({ source, line }: Origin, path: string): string {
  return line === null ? path : relativeTo(dirname(source), path);
}

/** Absolute paths stay; a relative base gives a relative path, which is what an operator wants to read back. */
function relativeTo(base: string, path: string): string {
  return path.startsWith('/') ? path : base.startsWith('/') ? resolve(base, path) : `${base}/${path}`;
}
