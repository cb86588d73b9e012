// The lease record in a DynamoDB table: one item, changed only by conditional writes on its version.
// The scheme is that of the Amazon DynamoDB lock client (record version number, no absolute time in the item).
import { type AttributeValue, DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { Failure } from '../ports/failure.ts';
import type { LeaseRecord, LeaseStore } from '../ports/lease-store.ts';
import { asFailure, awsErrorName } from './aws-error.ts';
import { type ClientSettings, clientOptions, ownClient, sendOptions } from './clients.ts';
import { notUsable } from './lease-table.ts';

export function createDynamoClient(settings: ClientSettings): DynamoDBClient {
  return ownClient(new DynamoDBClient(clientOptions(settings)), settings);
}

/** @param options.name the item's key: one item a cluster */
export function createDynamoLeaseStore(options: { client: DynamoDBClient; table: string; name: string }): LeaseStore {
  const { client, table, name } = options;
  const read = async (signal?: AbortSignal) => {
    const command = new GetItemCommand({ TableName: table, Key: { name: { S: name } }, ConsistentRead: true });
    const answer = await client.send(command, sendOptions(signal));
    return answer.Item === undefined ? null : readRecord(answer.Item);
  };
  return {
    async read(signal) {
      try {
        return await read(signal);
      } catch (error) {
        throw leaseFailure(`reading the lease ${name} in table ${table}`, table, error);
      }
    },

    async write(next, expectedVersion, signal) {
      try {
        await client.send(putCommand(table, name, next, expectedVersion), sendOptions(signal));
        return true;
      } catch (error) {
        if (awsErrorName(error) !== 'ConditionalCheckFailedException') {
          throw leaseFailure(`writing the lease ${name} in table ${table}`, table, error);
        }
      }
      // The SDK repeats a write whose answer was lost, and the repeat then fails against our own first success.
      try {
        return (await read(signal))?.version === next.version;
      } catch (error) {
        throw leaseFailure(`re-reading the lease ${name} in table ${table}`, table, error);
      }
    },
  };
}

function putCommand(table: string, name: string, next: LeaseRecord, expectedVersion: string | null): PutItemCommand {
  return new PutItemCommand({
    TableName: table,
    Item: {
      name: { S: name },
      holder: { S: next.holder },
      leaseDurationMs: { N: String(next.leaseDurationMs) },
      recordVersionNumber: { S: next.version },
      isReleased: { BOOL: next.isReleased },
    },
    ExpressionAttributeNames: expectedVersion === null ? { '#n': 'name' } : { '#v': 'recordVersionNumber' },
    ConditionExpression: expectedVersion === null ? 'attribute_not_exists(#n)' : '#v = :expected',
    ...(expectedVersion === null ? {} : { ExpressionAttributeValues: { ':expected': { S: expectedVersion } } }),
  });
}

function readRecord(item: Record<string, AttributeValue>): LeaseRecord {
  return {
    holder: item.holder?.S ?? '',
    leaseDurationMs: Number(item.leaseDurationMs?.N ?? 0),
    version: item.recordVersionNumber?.S ?? '',
    isReleased: item.isReleased?.BOOL ?? false,
  };
}

function leaseFailure(doing: string, table: string, error: unknown): Failure {
  if (isOfAnotherKey(error)) return notUsable(table, 'DynamoDB says that its key is another', error);
  if (awsErrorName(error) !== 'ResourceNotFoundException') return asFailure(doing, error);
  const create = `aws dynamodb create-table --table-name ${table} --billing-mode PAY_PER_REQUEST --attribute-definitions AttributeName=name,AttributeType=S --key-schema AttributeName=name,KeyType=HASH`;
  return new Failure(
    'lease-table-missing',
    `the lease table ${table} does not exist; start with --create-lease-table (spotkeeper controller --create-lease-table), or create it with: ${create}`,
    { cause: error },
  );
}

/** In the words of DynamoDB, which has no code of its own for it. */
function isOfAnotherKey(error: unknown): boolean {
  return (
    error instanceof Error &&
    awsErrorName(error) === 'ValidationException' &&
    /provided key element does not match the schema/i.test(error.message)
  );
}
