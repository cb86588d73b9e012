import { describe, expect, it } from 'vitest';
import { isWrite, RequestLog, type RequestRecord, recordedInput } from '../../src/sandbox/request-log.ts';

const ids = ['a', 'b', 'c', 'd', 'e', 'f'];

describe('what the log keeps of a request', () => {
  it('is all of a write', () => {
    expect(recordedInput('TerminateInstances', { InstanceId: ids })).toEqual({ InstanceId: ids });
  });

  it('is the length of a long list that was only read', () => {
    expect(recordedInput('DescribeTasks', { cluster: 'c', tasks: ids })).toEqual({ cluster: 'c', tasks: '[6 items]' });
  });

  it.each(['ModifySpotFleetRequest', 'PutItem', 'PutAttributes', 'StopTask', 'RunTask', 'CreateTable'])(
    'counts %s as a write',
    (action) => {
      expect(isWrite(action)).toBe(true);
    },
  );

  it.each([
    'DescribeTasks',
    'ListServices',
    'GetItem',
    'Query',
    'GET /latest/meta-data/instance-id',
    'PUT /latest/api/token',
  ])('counts %s as a read', (action) => {
    expect(isWrite(action)).toBe(false);
  });
});

describe('the log', () => {
  it('tells of each request until it is asked no more', () => {
    const log = new RequestLog();
    const heard: number[] = [];
    const end = log.subscribe(({ number }) => heard.push(number));
    log.add(aRecord(log.arrive()));
    end();
    log.add(aRecord(log.arrive()));
    expect(heard).toEqual([1]);
  });

  it('lets the oldest requests go when it has grown long', () => {
    const log = new RequestLog();
    for (let left = 100_001; left > 0; left -= 1) log.add(aRecord(log.arrive()));
    expect(log.records.length).toBe(90_001);
    expect(log.records.at(-1)?.number).toBe(100_001);
  });
});

function aRecord(number: number): RequestRecord {
  return {
    number,
    at: 0,
    answeredAt: 0,
    service: 'ecs',
    action: 'ListTasks',
    caller: null,
    input: {},
    status: 200,
    errorCode: null,
    errorMessage: null,
    fault: null,
  };
}
