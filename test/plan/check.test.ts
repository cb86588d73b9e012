import { describe, expect, it } from 'vitest';
import { instanceId } from '../../src/model/ids.ts';
import { BrokenInvariant, check } from '../../src/plan/check.ts';
import type { Action } from '../../src/plan/plan.ts';
import { aPolicy, arnOf, aSnapshot, type ClusterSpec, type Host, NOW } from '../support/builders.ts';

const marked = { status: 'DRAINING' as const, attributes: { 'spotkeeper.retiring': 'excess' } };
const at = (id: string) => ({ instanceId: instanceId(id), containerInstanceArn: arnOf(id) });
const target = (targetUnits: number): Action => ({
  kind: 'set-target',
  fleetId: aSnapshot().fleet?.id ?? ('' as never),
  fromUnits: 2,
  targetUnits,
  reason: 'pending-tasks',
});
const drain: Action = { kind: 'drain', reason: 'excess', ...at('i-1') };
const mark: Action = { kind: 'mark-retiring', reason: 'excess', since: 0, ...at('i-1') };
const terminate: Action = { kind: 'terminate', reason: 'excess', ...at('i-1') };
const reactivate: Action = { kind: 'reactivate', reason: 'need-returned', ...at('i-1') };
const GAPS: ClusterSpec = { snapshot: { gaps: [{ part: 'tasks', why: 'x' }] } };

function judge(plan: readonly Action[], host: Partial<Host> = {}, spec: ClusterSpec = {}): void {
  const snapshot = aSnapshot({ hosts: [{ id: 'i-1', ...host }, { id: 'i-2' }], ...spec });
  check({ plan, snapshot, policy: aPolicy({ fleet: { name: 'general', minUnits: 1, maxUnits: 9 } }), now: NOW });
}

describe('the check', () => {
  it('stops the end of an instance that a newer record of it has tasks on', () => {
    const snapshot = aSnapshot({ hosts: [{ id: 'i-1', containerInstance: marked }] });
    const [old] = snapshot.containerInstances;
    if (old === undefined) throw new Error('no record');
    const anew = { ...old, arn: arnOf('anew'), status: 'ACTIVE' as const, attributes: {}, runningTaskCount: 2 };
    const both = { ...snapshot, containerInstances: [old, anew] };
    expect(() => check({ plan: [terminate], snapshot: both, policy: aPolicy(), now: NOW })).toThrow(
      'only an empty instance',
    );
  });

  it.each<[string, readonly Action[], Partial<Host>?]>([
    ['a raise', [target(9)]],
    ['a victim that is marked, then drained', [target(2), mark, drain]],
    ['the drain of what is marked', [drain], { containerInstance: marked }],
    ['the end of what is marked, draining and empty', [terminate], { containerInstance: marked }],
    ['the return of what is marked', [reactivate], { containerInstance: marked }],
  ])('lets %s pass', (_, plan, host) => {
    expect(() => judge(plan, host)).not.toThrow();
  });

  it.each<[string, readonly Action[], Partial<Host>?, ClusterSpec?]>([
    ['one target a pass', [target(2), target(3)]],
    ['few victims a pass', Array.from({ length: 11 }, () => mark)],
    ['the target keeps its bounds', [target(10)]],
    ['the target keeps its bounds', [target(0)]],
    ['the target is a whole number', [target(2.5)]],
    ['the target moves only while the fleet is active', [target(5)], {}, { fleet: { state: 'modifying' } }],
    ['no shrinking on partial or old knowledge', [target(2)], {}, GAPS],
    ['no shrinking on partial or old knowledge', [target(2)], {}, { snapshot: { observedAt: NOW - 3_600_000 } }],
    [
      'both ids of an action name one instance',
      [{ ...terminate, instanceId: instanceId('i-2') }],
      { containerInstance: marked },
    ],
    ['nobody leaves on partial or old knowledge', [terminate], { containerInstance: marked }, GAPS],
    ['nobody leaves on partial or old knowledge', [mark, drain], {}, GAPS],
    ['no victim has a task that nobody would replace', [mark, drain], { tasks: { 'family:batch': 1 } }],
    ['only what is marked is drained', [drain]],
    ['only what we retire is called back', [reactivate]],
    ['only what we retire is terminated', [terminate]],
    ['only a draining instance is terminated', [terminate], { containerInstance: { ...marked, status: 'ACTIVE' } }],
    ['only an empty instance is terminated', [terminate], { containerInstance: marked, tasks: { web: 1 } }],
  ])('stops a plan that breaks the rule "%s"', (rule, plan, host, spec) => {
    expect(() => judge(plan, host, spec)).toThrow(BrokenInvariant);
    expect(() => judge(plan, host, spec)).toThrow(rule);
  });
});
