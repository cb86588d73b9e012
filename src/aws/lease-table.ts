// Makes the table that leases live in, where an operator asks for it. The key is all that a table has to have right:
// billing, encryption and backups of one that is there already are its owner's.
import {
  CreateTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import type { Clock } from '../ports/clock.ts';
import { Failure } from '../ports/failure.ts';
import type { Logger } from '../ports/logger.ts';
import { asFailure, awsErrorName } from './aws-error.ts';
import { sendOptions } from './clients.ts';

export interface LeaseTableOptions {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A new table takes a few seconds. */
const LOOK_EVERY_MS = 1_000;
/** Longer than any new table takes: what lasts longer is a table being restored or deleted. */
const PATIENCE_MS = 120_000;

/**
 * Resolves when the table can be used, and makes it when there is none; one that somebody else is making is waited for.
 * @throws Failure `lease-table-not-usable` for a table that holds something else, `timed-out` after two minutes
 */
export async function ensureLeaseTable(options: LeaseTableOptions, signal?: AbortSignal): Promise<void> {
  const { table, clock } = options;
  const giveUpAtMs = clock.monotonicMs() + PATIENCE_MS;
  while (signal?.aborted !== true) {
    // Asked first: whoever may look and not create is well served by a table that is there.
    const found = await describe(options, signal);
    if (found === null) await create(options, signal);
    else assertKey(table, found);
    // While UPDATING, which a change of billing is, a table answers as ever.
    if (found?.TableStatus === 'ACTIVE' || found?.TableStatus === 'UPDATING') return;
    if (clock.monotonicMs() >= giveUpAtMs) {
      throw new Failure(
        'timed-out',
        `waiting for the lease table ${table}, which is ${found?.TableStatus ?? 'not there'}`,
      );
    }
    await clock.sleep(LOOK_EVERY_MS, signal);
  }
}

/** null for a table that does not exist, or that DynamoDB does not show yet. */
async function describe({ client, table }: LeaseTableOptions, signal?: AbortSignal): Promise<TableDescription | null> {
  try {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: table }), sendOptions(signal));
    return Table ?? null;
  } catch (error) {
    if (awsErrorName(error) === 'ResourceNotFoundException') return null;
    throw asFailure(`looking up the lease table ${table}`, error);
  }
}

async function create({ client, table, logger }: LeaseTableOptions, signal?: AbortSignal): Promise<void> {
  const command = new CreateTableCommand({
    TableName: table,
    // A lease is renewed every other second and must never be throttled.
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'name', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'name', KeyType: 'HASH' }],
  });
  try {
    await client.send(command, sendOptions(signal));
    // It is billed, so whoever reads the log learns who made it.
    logger.info({ table }, 'made the lease table, which AWS bills by the request');
  } catch (error) {
    // Another controller was quicker, or an earlier try of ours got through unheard.
    if (awsErrorName(error) !== 'ResourceInUseException') throw asFailure(`creating the lease table ${table}`, error);
  }
}

function assertKey(table: string, { KeySchema = [], AttributeDefinitions = [] }: TableDescription): void {
  const types = new Map(AttributeDefinitions.map(({ AttributeName, AttributeType }) => [AttributeName, AttributeType]));
  const key = KeySchema.map(({ AttributeName, KeyType }) => `${AttributeName} ${KeyType} ${types.get(AttributeName)}`);
  if (key.join(', ') !== 'name HASH S') throw notUsable(table, `its key is: ${key.join(', ')}`);
}

/** @param found what is wrong with it, in words */
export function notUsable(table: string, found: string, cause?: unknown): Failure {
  return new Failure(
    'lease-table-not-usable',
    `table ${table} cannot hold leases: a partition key "name" of type S and no sort key are needed, and ${found}; put the name of another table into lease.table`,
    { cause },
  );
}
