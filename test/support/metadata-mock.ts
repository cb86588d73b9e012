// AWS's own mock of instance metadata, where it is installed: amazon-ec2-metadata-mock, whose program its releases call
// ec2-metadata-mock. Its words: https://github.com/aws/amazon-ec2-metadata-mock/blob/main/docs/usage.md
import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from './until.ts';

const PROGRAM = ['amazon-ec2-metadata-mock', 'ec2-metadata-mock'].find(
  (name) => spawnSync(name, ['--help']).status === 0,
);

/** It takes no free port by itself; this is its default. */
const PORT = 1338;

/** Why it cannot be had here; null when it can. */
export function whyNoMetadataMock(): string | null {
  return PROGRAM === undefined ? 'amazon-ec2-metadata-mock is not on PATH' : null;
}

export interface MetadataMock {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts it for IMDSv2 only. @param args a command of its and the flags of that */
export async function startMetadataMock(args: readonly string[]): Promise<MetadataMock> {
  if (PROGRAM === undefined) throw new Error('amazon-ec2-metadata-mock is not on PATH');
  // It looks for its configuration at home, and writes there: at one of its own, nobody's is used.
  const home = await mkdtemp(join(tmpdir(), 'spotkeeper-aemm-'));
  const flags = ['--hostname', '127.0.0.1', '--port', String(PORT), '--imdsv2'];
  const child = spawn(PROGRAM, [...args, ...flags], {
    env: { PATH: process.env.PATH ?? '', HOME: home },
    stdio: 'ignore',
  });
  const over = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = `http://127.0.0.1:${PORT}`;
  await until('the metadata mock', () => answers(url));
  return {
    url,
    async close() {
      child.kill('SIGKILL');
      await over;
      await rm(home, { recursive: true, force: true });
    },
  };
}

async function answers(url: string): Promise<boolean> {
  const headers = { 'X-aws-ec2-metadata-token-ttl-seconds': '60' };
  try {
    return (await fetch(`${url}/latest/api/token`, { method: 'PUT', headers })).ok;
  } catch {
    return false; // not listening yet
  }
}
