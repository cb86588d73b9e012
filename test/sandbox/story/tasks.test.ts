import { describe, expect, it } from 'vitest';
import { shortfallFigures } from '../../../src/sandbox/story/figures/shortfalls.ts';
import { taskFigures } from '../../../src/sandbox/story/figures/tasks.ts';
import type { TaskEnd, WorldEvent } from '../../../src/world/history.ts';
import { anEvidence, asks, at, target } from './an-evidence.ts';

const runs = (wanted: number, running: number): WorldEvent => ({
  at: at(running),
  kind: 'task-running',
  taskArn: 't',
  group: 'service:web',
  instanceId: 'i-1',
  wantedAt: at(wanted),
});

const stops = (end: TaskEnd): WorldEvent => ({
  at: at(9),
  kind: 'task-stopped',
  taskArn: 't',
  group: 'service:web',
  instanceId: 'i-1',
  end,
});

describe('tasks', () => {
  it('are pending from when they were wanted until they run', () => {
    const figures = taskFigures(anEvidence({ events: [runs(1, 2), runs(1, 3), runs(1, 9)] }));
    expect(figures).toMatchObject({ started: 3, pendingP50Ms: 2_000, pendingMaxMs: 8_000 });
  });

  it('that never ran have no pending time', () => {
    expect(taskFigures(anEvidence({}))).toMatchObject({ started: 0, pendingP50Ms: null, pendingMaxMs: null });
  });

  it('are lost when the power went before their stop timeout was over', () => {
    const events = [
      stops('exited'),
      stops('stop-timeout-used-up'),
      stops('cut-short'),
      stops('killed-without-sigterm'),
    ];
    const { ends, lost } = taskFigures(anEvidence({ events }));
    expect(ends).toEqual({ exited: 1, 'stop-timeout-used-up': 1, 'cut-short': 1, 'killed-without-sigterm': 1 });
    expect(lost).toEqual(['service:web t on i-1: cut-short', 'service:web t on i-1: killed-without-sigterm']);
  });
});

describe('a shortfall', () => {
  const acts = [
    { number: 1, title: 'one', at: at(0) },
    { number: 2, title: 'two', at: at(10) },
    { number: 3, title: 'three', at: at(20) },
  ];
  const demands = [{ service: 'web', at: at(10) }];
  const fails = (seconds: number, service = 'web'): WorldEvent => ({
    at: at(seconds),
    kind: 'placement-failed',
    service,
    reason: 'RESOURCE:CPU',
  });
  const figuresOf = (events: WorldEvent[], records: ReturnType<typeof asks>[] = []) =>
    shortfallFigures(anEvidence({ events: [target(0, 4), ...events], records, marks: { acts, demands } }));

  it('lasts from the demand to the raise that answers it', () => {
    expect(figuresOf([fails(10.5)], [asks(11, 'controller-a', 8)])).toEqual([
      { act: 2, service: 'web', shortAt: at(10), raisedAfterMs: 1_100 },
    ]);
  });

  it('may be answered before ECS has said that it cannot place the task', () => {
    expect(figuresOf([fails(10.5)], [asks(10.1, 'controller-a', 8)])[0]?.raisedAfterMs).toBe(200);
  });

  it('is none when every task found a place', () => {
    expect(figuresOf([fails(5), fails(11, 'report')], [asks(11, 'controller-a', 8)])).toEqual([]);
  });

  it('is not answered by a raise of the next act', () => {
    expect(figuresOf([fails(10.5)], [asks(21, 'controller-a', 8)])[0]?.raisedAfterMs).toBeNull();
  });
});
