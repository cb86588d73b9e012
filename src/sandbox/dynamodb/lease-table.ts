// Makes the table the controllers' lease lives in, which on AWS an operator makes once.
import type { Clock } from '../../ports/clock.ts';
import type { DynamoDb } from './dynamodb.ts';

/** Resolves when the table with the partition key `name` can be written. */
export async function createLeaseTable(dynamodb: DynamoDb, clock: Clock, table: string): Promise<void> {
  await call(dynamodb, 'CreateTable', {
    TableName: table,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'name', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'name', KeyType: 'HASH' }],
  });
  while (!isActive(await call(dynamodb, 'DescribeTable', { TableName: table }))) await clock.sleep(10);
}

function isActive(answer: string): boolean {
  return (JSON.parse(answer) as { Table?: { TableStatus?: string } }).Table?.TableStatus === 'ACTIVE';
}

async function call(dynamodb: DynamoDb, action: string, input: object): Promise<string> {
  const answer = await dynamodb.forward(
    {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDB_20120810.${action}`,
      // dynalite wants a well-formed header; like the front door, it verifies no signature.
      authorization:
        'AWS4-HMAC-SHA256 Credential=sandbox/20000101/local/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
      'x-amz-date': '20000101T000000Z',
    },
    Buffer.from(JSON.stringify(input)),
  );
  const body = answer.body.toString();
  if (answer.status !== 200) throw new Error(`${action} of the lease table: HTTP ${answer.status}: ${body}`);
  return body;
}
