import { describe, expect, it } from 'vitest';
import { noticeFigures } from '../../../src/sandbox/story/figures/notices.ts';
import {
  anEvidence,
  arnOf,
  asks,
  at,
  draining,
  ending,
  joined,
  launched,
  noticed,
  request,
  target,
} from './an-evidence.ts';

const drains = (seconds: number, instanceId: string) =>
  request(seconds, `agent ${instanceId}`, 'UpdateContainerInstancesState', {
    containerInstances: [arnOf(instanceId)],
    status: 'DRAINING',
  });

const before = [target(0, 4), launched(0, 'i-1', 4), joined(1, 'i-1'), noticed(10, 'i-1')];

describe('a notice', () => {
  it('is drained when ECS had answered the call that made it drain', () => {
    const [figure] = noticeFigures(
      anEvidence({ events: [...before, draining(10.5, 'i-1')], records: [drains(10.5, 'i-1')] }),
    );
    expect(figure?.drainingAfterMs).toBe(600);
  });

  it('is not drained by a call that ECS refused', () => {
    const refused = { ...drains(10.5, 'i-1'), status: 400 };
    expect(noticeFigures(anEvidence({ events: before, records: [refused] }))[0]?.drainingAfterMs).toBeNull();
  });

  it('is not drained by the drain of another instance', () => {
    const events = [...before, joined(1, 'i-2'), draining(10.5, 'i-2')];
    expect(noticeFigures(anEvidence({ events, records: [drains(10.5, 'i-2')] }))[0]?.drainingAfterMs).toBeNull();
  });

  it('is answered by the next raise of the target, not by a lowering', () => {
    const records = [asks(10.2, 'controller-a', 3), asks(10.9, 'controller-a', 8)];
    expect(noticeFigures(anEvidence({ events: before, records }))[0]?.raisedAfterMs).toBe(1_000);
  });

  it('is replaced when as many units have joined as the raise asked for beyond those at hand', () => {
    const events = [...before, launched(11, 'i-2', 2), launched(11, 'i-3', 2), joined(13, 'i-2'), joined(14, 'i-3')];
    const records = [asks(10.4, 'controller-a', 8)];
    expect(noticeFigures(anEvidence({ events, records }))[0]?.replacedAfterMs).toBe(4_000);
  });

  it('is not replaced by what was launched before it', () => {
    const events = [launched(9, 'i-9', 4), ...before, joined(12, 'i-9')];
    expect(
      noticeFigures(anEvidence({ events, records: [asks(10.4, 'controller-a', 12)] }))[0]?.replacedAfterMs,
    ).toBeNull();
  });

  it('tells when the power went and how the tasks ended', () => {
    const events = [
      ...before,
      {
        at: at(12),
        kind: 'task-stopped',
        taskArn: 't',
        group: 'service:web',
        instanceId: 'i-1',
        end: 'exited',
      } as const,
      {
        at: at(12),
        kind: 'task-stopped',
        taskArn: 'u',
        group: 'service:web',
        instanceId: 'i-2',
        end: 'cut-short',
      } as const,
      ending(30, 'i-1'),
    ];
    expect(noticeFigures(anEvidence({ events }))[0]).toMatchObject({ endedAfterMs: 20_000, taskEnds: ['exited'] });
  });
});
