import { afterEach, describe, expect, it } from 'vitest';
import { DefinitionMemory } from '../../src/aws/definition-memory.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { ecsError, type Script, type ScriptedEcs, startScriptedEcs } from './scripted-ecs.ts';

let ecs: ScriptedEcs;
afterEach(() => ecs.close());

const MINUTE_MS = 60_000;
let minutes = 0;
const clock: Clock = { now: () => 0, monotonicMs: () => minutes * MINUTE_MS, sleep: async () => {} };

const arnOf = (name: string) => `arn:aws:ecs:us-east-1:123456789012:task-definition/${name}`;
const describedAs = (name: string, cpu = '256') => ({
  taskDefinition: { taskDefinitionArn: arnOf(name), family: name.split(':')[0], cpu, memory: '512' },
});

async function memoryOf(describeTaskDefinition: Script[string]): Promise<DefinitionMemory> {
  minutes = 0;
  ecs = await startScriptedEcs({ DescribeTaskDefinition: describeTaskDefinition });
  return new DefinitionMemory({ client: ecs.client, clock });
}

describe('the memory of task definitions', () => {
  it('asks for a revision once, however long it lives and whatever it is called by', async () => {
    const memory = await memoryOf(() => describedAs('web:3'));
    expect((await memory.find('web:3')).shape.cpuUnits).toBe(256);
    minutes = 60 * 24 * 365;
    expect((await memory.find(arnOf('web:3'))).family).toBe('web');
    await memory.find('web:3');
    expect(ecs.asked).toEqual(['DescribeTaskDefinition web:3']);
  });

  it('asks again, but not at once, which revision of a family is the latest', async () => {
    let latest = 3;
    const memory = await memoryOf(() => describedAs(`web:${latest}`));
    expect((await memory.find('web')).arn).toBe(arnOf('web:3'));
    latest = 4;
    minutes = 1;
    expect((await memory.find('web')).arn).toBe(arnOf('web:3'));
    minutes = 3;
    expect((await memory.find('web')).arn).toBe(arnOf('web:4'));
    await memory.find(arnOf('web:4'));
    expect(ecs.asked).toHaveLength(2);
  });

  it('says for a while that a definition is unreadable before it asks again', async () => {
    let cpu = '-1';
    const memory = await memoryOf(() => describedAs('web:3', cpu));
    await expect(memory.find('web:3')).rejects.toMatchObject({
      code: 'unreadable',
      message: expect.stringContaining('its cpu is "-1"'),
    });
    cpu = '256';
    minutes = 1;
    await expect(memory.find('web:3')).rejects.toMatchObject({ code: 'unreadable' });
    expect(ecs.asked).toHaveLength(1);
    minutes = 3;
    expect((await memory.find('web:3')).shape.cpuUnits).toBe(256);
  });

  it('takes a definition that ECS cannot describe for an unreadable one', async () => {
    const memory = await memoryOf(() => {
      throw ecsError('ClientException', 'Unable to describe task definition.');
    });
    await expect(memory.find('gone:1')).rejects.toMatchObject({
      code: 'unreadable',
      message: 'describing task definition gone:1',
      cause: { message: 'Unable to describe task definition.' },
    });
  });

  it('forgets at once a failure that passes by itself', async () => {
    let isAllowed = false;
    const memory = await memoryOf(() => {
      if (!isAllowed) throw ecsError('AccessDeniedException', 'no');
      return describedAs('web:3');
    });
    await expect(memory.find('web:3')).rejects.toMatchObject({ code: 'access-denied' });
    isAllowed = true;
    expect((await memory.find('web:3')).arn).toBe(arnOf('web:3'));
  });
});
