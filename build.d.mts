// What build.mjs builds, for the tests that look at it.
import type { BuildOptions } from 'esbuild';

export const AGENT: BuildOptions;
export const COMMAND: BuildOptions;
