// An ECS that answers as its script says, for descriptions that the sandbox would never give: the real SDK speaks to it.
import type { ECSClient } from '@aws-sdk/client-ecs';
import { createEcsClient } from '../../src/aws/ecs-cluster.ts';
import { startScriptedServer } from '../support/scripted-server.ts';

export interface ScriptedEcs {
  readonly client: ECSClient;
  /** What was asked, as `DescribeTaskDefinition web:3` would be for an input that names it. */
  readonly asked: string[];
  close(): Promise<void>;
}

/** A thrown error becomes an ECS error of the error's name. */
export type Script = Readonly<Record<string, (input: Readonly<Record<string, unknown>>) => object>>;

export async function startScriptedEcs(script: Script): Promise<ScriptedEcs> {
  const asked: string[] = [];
  const before = { ...process.env };
  const server = await startScriptedServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const action = String(request.headers['x-amz-target']).split('.')[1] ?? '';
      const input = JSON.parse(Buffer.concat(chunks).toString());
      asked.push([action, ...Object.values(input).filter((value) => typeof value === 'string')].join(' '));
      const { status, body } = answerOf(script, action, input);
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
    });
  });
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_ECS: server.url,
    AWS_ACCESS_KEY_ID: 'AKIASCRIPTED',
    AWS_SECRET_ACCESS_KEY: 'scripted',
  });
  return {
    client: createEcsClient({ region: 'us-east-1' }),
    asked,
    async close() {
      for (const key of Object.keys(process.env)) if (!(key in before)) delete process.env[key];
      Object.assign(process.env, before);
      await server.close();
    },
  };
}

function answerOf(script: Script, action: string, input: Record<string, unknown>): { status: number; body: object } {
  try {
    const answer = script[action];
    if (answer === undefined) throw Object.assign(new Error(`no line for ${action}`), { name: 'UnknownOperation' });
    return { status: 200, body: answer(input) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { status: 400, body: { __type: error.name, message: error.message } };
  }
}

export function ecsError(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}
