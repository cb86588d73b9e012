// Configuration files for tests, in a directory of their own.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

export const FLEET = 'name: general\nid: sfr-1\ntargetCapacity: { min: 2, max: 20 }\n';
export const CONTROLLER = 'cluster: production\nfleets: [fleet.yaml]\n';

/** Writes the files into a new directory, which lasts for the test; returns the path of one of them by name. */
export function filesWith(files: Readonly<Record<string, string>>): (name: string) => string {
  const directory = mkdtempSync(join(tmpdir(), 'spotkeeper-config-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), text);
  }
  return (name) => join(directory, name);
}

/** The message of the Failure that `act` throws; fails when it throws none. */
export function messageOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error('nothing was thrown');
}
