// One real agent process for an instance of the sandbox, as the benches of notices start it.
import { type ChildProcess, spawn } from 'node:child_process';
import type { Sandbox } from '../src/sandbox/sandbox.ts';

/** By what name the sandbox knows its calls. */
export const callerOf = (instanceId: string): string => `agent ${instanceId}`;

/** @param settings more of its environment */
export async function startAgent(
  sandbox: Sandbox,
  instanceId: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<ChildProcess> {
  const urls = await sandbox.instances.urlsOf(instanceId);
  if (urls === null) throw new Error(`${instanceId} is not up`);
  return spawn(process.execPath, ['dist/agent.js'], {
    stdio: 'ignore',
    env: {
      PATH: process.env.PATH,
      ...sandbox.environmentFor(callerOf(instanceId)),
      AWS_EC2_METADATA_SERVICE_ENDPOINT: urls.metadata,
      SPOTKEEPER_ECS_AGENT_ENDPOINT: urls.introspection,
      // Several agents on one host here; on an instance there is one, with a port of its own.
      SPOTKEEPER_NOTICE_PORT: '0',
      ...settings,
    },
  });
}
