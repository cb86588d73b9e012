import { describe, expect, it } from 'vitest';
import { renderLargest, renderNearMisses, renderOthers, renderUnschedulable } from '../../src/cli/render-shapes.ts';
import { aNearMiss, anUnschedulable, aReport, aShape } from '../support/report-builder.ts';

describe('the largest tasks', () => {
  it('are a table, and below it who uses each, the worst loss and what is in the way', () => {
    const shapes = [
      aShape({
        shape: '4096cpu/14336MiB',
        users: ['etl', 'family:export'],
        constraints: ['arm64', 'memberOf(attribute:x exists)'],
        schedulableNow: 3,
        inFlight: 1,
        promised: 2,
        pending: 4,
        short: 2,
        afterLoss: { pool: 'm6i.large eu-west-1a', schedulable: 0 },
        obstacle: 'memory',
      }),
      aShape({ shape: '8192cpu/64MiB', users: ['pin'] }),
    ];
    expect(renderLargest(aReport({ shapes }), 100)).toBe(
      `largest tasks        free now  promised  after loss  in flight  pending  short
A  4096cpu/14336MiB         3         2           0          1        4      2
B  8192cpu/64MiB            3         2           -          0        0      0

A  used by etl, family:export
   needs arm64; memberOf(attribute:x exists)
   short: 2 of 4 pending and 2 promised find no place, even on what is on its way
   worst loss: m6i.large eu-west-1a; with its tasks placed again, 0 more would fit
   where no more fits, mostly: too little memory is left [memory]
B  used by pin`,
    );
  });

  it('are nothing when there is none', () => {
    expect(renderLargest(aReport({ shapes: [aShape({ isLargest: false })] }), 100)).toBe('');
  });
});

describe('the other tasks', () => {
  const other = (shape: string, pending: number) => aShape({ shape, pending, isLargest: false });

  it('show first what waits', () => {
    const page = renderOthers(aReport({ shapes: [aShape(), other('1cpu/1MiB', 0), other('2cpu/2MiB', 5)] }), 100);
    expect(page.match(/^\d\S*/gm)).toEqual(['2cpu/2MiB', '1cpu/1MiB']);
  });

  it('are counted when there are many, and it is said whether any of those waits', () => {
    const many = Array.from({ length: 30 }, (_, index) => other(`${index}cpu/1MiB`, 0));
    expect(renderOthers(aReport({ shapes: many }), 100)).toContain(
      '\nand 10 more, which wait for nothing; --json has them all',
    );
    const waiting = many.map((line) => ({ ...line, pending: 1 }));
    expect(renderOthers(aReport({ shapes: waiting }), 100)).toContain('\nand 10 more; --json has them all');
  });
});

describe('a shape that fits no type', () => {
  const lacks = (missing: object, constraints: readonly string[] = []) =>
    renderUnschedulable(
      aReport({
        unschedulable: [
          anUnschedulable({
            constraints,
            missing: { cpuUnits: 0, memoryMiB: 0, gpus: 0, eniSlots: 0, constraints: [], ...missing },
          }),
        ],
      }),
      200,
    )
      .split('\n')
      .slice(1)
      .map((line) => line.trim())
      .join(' ');

  it('is shown with everything that the nearest type lacks', () => {
    const missing = {
      cpuUnits: 5,
      memoryMiB: 6,
      gpus: 1,
      eniSlots: 2,
      constraints: ['memberOf(attribute:gpu exists)'],
    };
    expect(lacks(missing)).toBe(
      '99999cpu/1MiB (huge): the nearest, m6i.large, lacks 5 cpu units, 6 MiB of memory, 1 GPU, 2 network interfaces, memberOf(attribute:gpu exists)',
    );
  });

  it('lacks a host port when it lacks nothing else', () => {
    expect(lacks({})).toBe('99999cpu/1MiB (huge): the nearest, m6i.large, lacks a host port');
  });

  it('is shown with the constraints that the nearest type meets', () => {
    expect(lacks({ gpus: 2, constraints: ['b'] }, ['arm64', 'b'])).toBe(
      '99999cpu/1MiB (huge): the nearest, m6i.large, lacks 2 GPUs, b; it needs arm64',
    );
  });

  it('has no nearest type in a fleet of which none is known', () => {
    expect(renderUnschedulable(aReport({ unschedulable: [anUnschedulable({ nearestType: null })] }), 100)).toContain(
      '\n  99999cpu/1MiB (huge)',
    );
  });
});

describe('a near miss', () => {
  it.each([
    [aNearMiss(), '2 x 1024cpu/4096MiB misses m5.large by 207 MiB (5 % of one), so only 1 fits'],
    [aNearMiss({ fits: 0 }), '1 x 1024cpu/4096MiB misses m5.large by 207 MiB (5 % of one), so none fits'],
    [
      aNearMiss({ fits: 3, resource: 'cpu', missing: 1, share: 0.001 }),
      '4 x 1024cpu/4096MiB misses m5.large by 1 cpu units (less than 1 % of one), so only 3 fit',
    ],
  ])('says by how much: %#', (miss, expected) => {
    expect(renderNearMisses(aReport({ nearMisses: [miss] }), 100)).toContain(`\n  ${expected}`);
  });
});
