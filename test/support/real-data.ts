// Public data that need not be there: instance types as EC2 describes them, and tasks of a real cloud. Read from the
// folder named by SPOTKEEPER_DATA, or from ../shared/data beside the project; tests that need it skip without it.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { InstanceType } from '../../src/model/instance.ts';

const FOLDER = process.env.SPOTKEEPER_DATA ?? new URL('../../../shared/data', import.meta.url).pathname;

/** Why there is nothing to read, in words; null when the file is there. */
export function missing(file: string): string | null {
  const path = join(FOLDER, file);
  return existsSync(path) ? null : `${path} is not there; SPOTKEEPER_DATA names another folder`;
}

export type Row = Readonly<Record<string, string>>;

/** The rows of a file without quoted cells, by the names in its first line. */
export function rowsOf(file: string): Row[] {
  const [head = '', ...lines] = readFileSync(join(FOLDER, file), 'utf8').trimEnd().split('\n');
  const names = head.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(names.map((name, at) => [name, cells[at] ?? '']));
  });
}

/** The rows with equal keys together, in the order in which the keys first come. */
export function grouped(rows: readonly Row[], keyOf: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group === undefined) groups.set(keyOf(row), [row]);
    else group.push(row);
  }
  return groups;
}

/** One line of `instance-types.csv` in our words. */
export function instanceTypeOf(row: Row): InstanceType {
  const number = (name: string) => Number(row[name]);
  return {
    name: row.instance_type ?? '',
    nominal: { cpuUnits: number('vcpu') * 1_024, memoryMiB: number('memory_mib') },
    gpus: number('gpus'),
    architecture: row.arch === 'arm64' ? 'arm64' : 'x86_64',
    eniSlots: number('ecs_awsvpc_tasks'),
    eniSlotsWithTrunk: row.trunk_compatible === '1' ? number('ecs_awsvpc_tasks_trunk') : null,
  };
}
