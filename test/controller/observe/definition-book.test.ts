import { describe, expect, it } from 'vitest';
import { AWS_LIMITS, CallBudget, DEFAULT_SHARE } from '../../../src/controller/observe/call-budget.ts';
import { DefinitionBook, definitionsOf } from '../../../src/controller/observe/definition-book.ts';
import { type TaskDefinitionArn, taskDefinitionArn } from '../../../src/model/ids.ts';
import type { TaskDefinition } from '../../../src/model/service.ts';
import { NO_SHAPE } from '../../../src/model/task-shape.ts';
import { Failure } from '../../../src/ports/failure.ts';
import { aService } from '../../support/counted-cluster.ts';
import { steppedClock } from '../../support/stepped-clock.ts';

const WEB = taskDefinitionArn('arn:task-definition/web:1');
const API = taskDefinitionArn('arn:task-definition/api:1');

function aBook() {
  const clock = steppedClock();
  const asked: TaskDefinitionArn[] = [];
  const broken = new Map<TaskDefinitionArn, Failure>();
  const budget = new CallBudget({ limit: AWS_LIMITS.definitions, share: DEFAULT_SHARE, clock });
  const book = new DefinitionBook(clock);
  const taskDefinition = async (arn: TaskDefinitionArn): Promise<TaskDefinition> => {
    asked.push(arn);
    const failure = broken.get(arn);
    if (failure !== undefined) throw failure;
    return { arn, family: 'some', shape: NO_SHAPE, stopTimeoutMs: null };
  };
  return {
    clock,
    asked,
    broken,
    book,
    read: (...arns: TaskDefinitionArn[]) =>
      book.read({ cluster: { taskDefinition }, budget, wanted: new Set(arns), signal: undefined }),
  };
}

const unreadable = new Failure('unreadable', 'describing task definition web:1');

describe('task definitions', () => {
  it('are asked for once', async () => {
    const { read, asked, book } = aBook();
    await read(WEB, API);
    await read(WEB, API);
    expect(asked).toEqual([WEB, API]);
    expect(book.among(new Set([API])).map(({ arn }) => arn)).toEqual([API]);
  });

  it('are read over several passes when they are many, the first ones first', async () => {
    const { read, book, clock } = aBook();
    const many = Array.from({ length: 40 }, (_, index) => taskDefinitionArn(`arn:task-definition/d:${index}`));
    await read(...many);
    expect(book.among(new Set(many)).map(({ arn }) => arn)).toEqual(many.slice(0, 12));
    expect(book.unreadAmong(new Set(many))).toBe(28);
    clock.advance(15_000);
    await read(...many);
    expect(book.unreadAmong(new Set(many))).toBe(16);
  });

  it('that fail for the moment are a failure of the pass, and asked for again at the next', async () => {
    const { read, broken, book } = aBook();
    broken.set(WEB, new Failure('throttled', 'describing'));
    await expect(read(WEB)).rejects.toThrow('describing');
    broken.clear();
    await read(WEB);
    expect(book.unreadAmong(new Set([WEB]))).toBe(0);
  });
});

describe('an unreadable definition', () => {
  it('is set aside by name, with the service that uses it', async () => {
    const { read, broken, book } = aBook();
    broken.set(WEB, unreadable);
    await read(WEB, API);
    const setAside = book.setAside(new Set([WEB, API]), [aService('web'), aService('api')]);
    expect(setAside).toMatchObject([
      { kind: 'definition', subject: WEB, reason: 'definition-unreadable', detail: 'describing task definition web:1' },
      { kind: 'service', subject: 'web', reason: 'definition-unreadable' },
    ]);
    expect(book.among(new Set([WEB, API])).map(({ arn }) => arn)).toEqual([API]);
  });

  it('is asked for again with growing pauses, and taken when it can be read', async () => {
    const { read, broken, asked, clock, book } = aBook();
    broken.set(WEB, unreadable);
    const instants: number[] = [];
    for (let minute = 0; minute <= 60; minute += 1) {
      const before = asked.length;
      await read(WEB);
      if (asked.length > before) instants.push(minute);
      clock.advance(60_000);
    }
    expect(instants).toEqual([0, 2, 6, 14, 30, 60]);
    broken.clear();
    clock.advance(1_800_000);
    await read(WEB);
    expect(book.setAside(new Set([WEB]), [aService('web')])).toEqual([]);
  });

  it('leaves nobody in the dark while every task of its service has a place', async () => {
    const { read, broken, book } = aBook();
    broken.set(WEB, unreadable);
    await read(WEB);
    expect(book.inTheDark([aService('web', { desiredCount: 3, runningCount: 2, pendingCount: 1 })])).toEqual([]);
  });

  it.each([
    ['lacks a task', { desiredCount: 3, runningCount: 2 }],
    ['deploys', { isDeploying: true }],
  ])('leaves a service in the dark that %s', async (_, changes) => {
    const { read, broken, book } = aBook();
    broken.set(WEB, unreadable);
    await read(WEB);
    expect(book.inTheDark([aService('web', changes), aService('api')]).map(({ name }) => name)).toEqual(['web']);
  });
});

describe('the definitions of a service', () => {
  const deployment = {
    status: 'ACTIVE',
    taskDefinition: API,
    desiredCount: 0,
    runningCount: 0,
    pendingCount: 0,
  } as const;

  it('are its own and those of its deployments that have tasks', () => {
    expect(definitionsOf(aService('web', { deployments: [{ ...deployment, runningCount: 1 }] }))).toEqual([WEB, API]);
    expect(definitionsOf(aService('web', { deployments: [deployment] }))).toEqual([WEB]);
  });

  it('are none while it has no work, unless it is a daemon', () => {
    const idle = { desiredCount: 0, runningCount: 0 };
    expect(definitionsOf(aService('web', idle))).toEqual([]);
    expect(definitionsOf(aService('web', { ...idle, schedulingStrategy: 'DAEMON' }))).toEqual([WEB]);
  });

  it('are none where somebody else makes its deployments', () => {
    expect(definitionsOf(aService('web', { taskDefinition: taskDefinitionArn('') }))).toEqual([]);
  });
});
