// Makes a program of a few lines of TypeScript over our sources, for tests that need a process of their own.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const sources = fileURLToPath(new URL('../../src', import.meta.url));

/** @param code imports our sources as `'SRC/...'` @returns the path of a script for Node, in the folder */
export function bundleInto(folder: string, code: string): string {
  const script = join(folder, 'program.mjs');
  buildSync({
    stdin: { contents: code.replaceAll('SRC/', `${sources}/`), loader: 'ts', resolveDir: sources },
    outfile: script,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
  });
  return script;
}
