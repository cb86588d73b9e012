import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { trunkSlots } from '../../src/aws/trunk-limits.ts';

// Another table of the same figures, beside the checkout or where the variable says. It is not part of the project.
const TABLE = process.env.INSTANCE_TYPES_CSV ?? new URL('../../../shared/data/instance-types.csv', import.meta.url);

/** The branch interfaces an instance has at most: where the ECS guide names no figure, ours never goes above. */
const MOST_BRANCHES = 120;

describe('the room for awsvpc tasks with ENI trunking', () => {
  it.each([
    ['c5.large', 10],
    ['m5.xlarge', 20],
    ['m5.12xlarge', 60],
    ['m6i.12xlarge', 120],
    ['m6g.8xlarge', 60],
    ['r6a.8xlarge', 90],
    ['m6g.medium', 4],
    ['m7i-flex.large', 4],
    ['g4dn.xlarge', 40],
    ['i4i.2xlarge', 28],
    ['c7g.metal', 120],
  ])('of %s is %i', (type, slots) => {
    expect(trunkSlots(type)).toBe(slots);
  });

  it.each(['t3.large', 'c4.large', 'i3.large', 'z99.large', 'm5.tiny', 'm5.7xlarge', 'm5', ''])(
    'of %s is unknown',
    (type) => {
      expect(trunkSlots(type)).toBeNull();
    },
  );

  it.skipIf(!existsSync(TABLE))('agrees with a table of every type', () => {
    const rows = readTable(readFileSync(TABLE, 'utf8'));
    const differing = rows.flatMap(({ type, slots }) =>
      trunkSlots(type) === slots ? [] : [[type, slots, trunkSlots(type)]],
    );
    expect(differing).toEqual([]);
    expect(rows.length).toBeGreaterThan(1000);
  });
});

function readTable(text: string): { type: string; slots: number | null }[] {
  const [head = '', ...lines] = text.trim().split('\n');
  const columns = head.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    const cell = (name: string) => cells[columns.indexOf(name)] ?? '';
    const listed = Number(cell('ecs_awsvpc_tasks_trunk'));
    const slots = cell('ecs_trunk_documented') === '1' ? listed : Math.min(listed, MOST_BRANCHES);
    return { type: cell('instance_type'), slots: slots === 0 ? null : slots };
  });
}
