// The lease table through the real SDK: made where there is none, taken as it is where there is one, refused where it
// holds something else.
import { CreateTableCommand, DescribeTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDynamoClient, createDynamoLeaseStore } from '../../src/aws/dynamodb-lease.ts';
import { ensureLeaseTable } from '../../src/aws/lease-table.ts';
import { keepingLogger } from '../support/log-lines.ts';
import { type SmallCloud, startSmallCloud } from '../support/small-cloud.ts';
import { steppedClock } from '../support/stepped-clock.ts';

let cloud: SmallCloud;
let client: DynamoDBClient;
beforeEach(async () => {
  cloud = await startSmallCloud();
  client = createDynamoClient({ region: 'us-east-1' });
});
afterEach(() => cloud.close());

const ensure = (table = 'leases', { logger } = keepingLogger()) =>
  ensureLeaseTable({ client, table, clock: steppedClock(), logger });
const requests = (action: string) => cloud.sandbox.log.records.filter((record) => record.action === action);

/** A table of somebody else's, with these attributes as its key. */
const tableOf = (name: string, keys: readonly (readonly [name: string, type: 'S' | 'N'])[]) =>
  client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: keys.map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType })),
      KeySchema: keys.map(([AttributeName], index) => ({ AttributeName, KeyType: index === 0 ? 'HASH' : 'RANGE' })),
    }),
  );

const RECORD = { holder: 'a', leaseDurationMs: 1_000, version: '1', isReleased: false };
const storeIn = (table: string) => createDynamoLeaseStore({ client, table, name: 'small' });

describe('a lease table that is asked for', () => {
  it('is made where there is none, billed on demand, and can be used at once', async () => {
    await ensure();
    const { Table } = await client.send(new DescribeTableCommand({ TableName: 'leases' }));
    expect(Table).toMatchObject({
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
      KeySchema: [{ AttributeName: 'name', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'name', AttributeType: 'S' }],
    });
    expect(await storeIn('leases').write(RECORD, null)).toBe(true);
  });

  it('is taken as it is where there is one, and its leases are kept', async () => {
    await ensure();
    await storeIn('leases').write(RECORD, null);
    await ensure();
    expect(requests('CreateTable')).toHaveLength(1);
    expect(await storeIn('leases').read()).toEqual(RECORD);
  });

  it('is told when it is made, because it is billed, and not when it is there', async () => {
    const log = keepingLogger();
    await ensure('leases', log);
    await ensure('leases', log);
    expect(log.lines).toMatchObject([{ level: 'info', fields: { table: 'leases' } }]);
  });

  it('is made once by two controllers that start together', async () => {
    await Promise.all([ensure(), ensure()]);
    expect(requests('CreateTable').filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('is made also where the answer to the request was lost', async () => {
    cloud.sandbox.faults.add({
      service: 'dynamodb',
      action: 'CreateTable',
      count: 1,
      effect: { kind: 'drop', when: 'after' },
    });
    await ensure();
    expect(await storeIn('leases').read()).toBeNull();
  });

  it.each([
    ['another name', [['id', 'S']], 'id HASH S'],
    ['another type', [['name', 'N']], 'name HASH N'],
    [
      'a sort key',
      [
        ['name', 'S'],
        ['at', 'N'],
      ],
      'name HASH S, at RANGE N',
    ],
  ] as const)('is refused where its key has %s, with what the key is', async (_, keys, word) => {
    await tableOf('theirs', keys);
    await expect(ensure('theirs')).rejects.toMatchObject({
      code: 'lease-table-not-usable',
      message: expect.stringContaining(word),
    });
  });

  it('names a permission that is missing', async () => {
    const fault = {
      kind: 'error',
      code: 'AccessDeniedException',
      status: 400,
      message: 'dynamodb:CreateTable',
    } as const;
    cloud.sandbox.faults.add({ service: 'dynamodb', action: 'CreateTable', effect: fault });
    await expect(ensure()).rejects.toMatchObject({ code: 'access-denied', message: 'creating the lease table leases' });
  });

  it('is waited for no longer than two minutes', async () => {
    const fault = { kind: 'error', code: 'ResourceNotFoundException', status: 400, message: 'not yet' } as const;
    cloud.sandbox.faults.add({ service: 'dynamodb', action: 'DescribeTable', effect: fault });
    await expect(ensure()).rejects.toMatchObject({ code: 'timed-out' });
  });
});

describe('a table of another key', () => {
  it('is refused by the lease itself, too', async () => {
    await tableOf('theirs', [['id', 'S']]);
    await expect(storeIn('theirs').read()).rejects.toMatchObject({
      code: 'lease-table-not-usable',
      kind: 'operator',
      message: expect.stringContaining('lease.table'),
    });
  });
});
