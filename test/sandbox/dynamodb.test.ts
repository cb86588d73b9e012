import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { aQuickSandbox, type Clients, clientsOf } from './clients.ts';

let sandbox: Sandbox;
let clients: Clients;

beforeAll(async () => {
  sandbox = await aQuickSandbox();
  clients = clientsOf(sandbox, 'controller-a');
  await sandbox.createLeaseTable('leases');
});

afterAll(() => sandbox.close());

const put = (holder: string, isFirst: boolean) =>
  clients.dynamodb.send(
    new PutItemCommand({
      TableName: 'leases',
      Item: { name: { S: 'cluster' }, holder: { S: holder } },
      ...(isFirst
        ? { ConditionExpression: 'attribute_not_exists(#n)', ExpressionAttributeNames: { '#n': 'name' } }
        : {}),
    }),
  );

describe('a lease table', () => {
  it('can be written at once, and read consistently', async () => {
    await put('a', true);
    const read = new GetItemCommand({ TableName: 'leases', Key: { name: { S: 'cluster' } }, ConsistentRead: true });
    expect((await clients.dynamodb.send(read)).Item?.holder).toEqual({ S: 'a' });
  });

  it('refuses a write whose condition does not hold, and the log says so', async () => {
    await expect(put('b', true)).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
    expect(sandbox.log.records.at(-1)).toMatchObject({
      service: 'dynamodb',
      action: 'PutItem',
      caller: { name: 'controller-a' },
      status: 400,
      errorCode: 'ConditionalCheckFailedException',
      input: { Item: { holder: { S: 'b' } } },
    });
  });

  it('cannot be made twice', async () => {
    await expect(sandbox.createLeaseTable('leases')).rejects.toThrow('CreateTable of the lease table');
  });
});
