import { execFileSync } from 'node:child_process';

/** Bundles the command before the tests, so that end-to-end tests run what an operator runs. */
export function setup(): void {
  execFileSync(process.execPath, ['build.mjs'], { stdio: 'inherit' });
}
