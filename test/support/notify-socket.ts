// A socket like the one on which systemd hears from its services. Node cannot open one, so Python does.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from './until.ts';

// The helper waits until systemd has closed the descriptor that comes with BARRIER=1.
const SCRIPT = `
import array, os, socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
print("READY-TO-HEAR", flush=True)
while True:
    message, ancillary, _, _ = s.recvmsg(4096, socket.CMSG_SPACE(64))
    for _, _, data in ancillary:
        for fd in array.array("i", data[: len(data) - len(data) % 4]):
            os.close(fd)
    print(message.decode(), flush=True)
`;

/** Why such a socket cannot be had here; null when it can. */
export function whyNoNotifySocket(): string | null {
  if (spawnSync('python3', ['-c', 'import socket; socket.AF_UNIX']).status !== 0) return 'python3 is not installed';
  if (spawnSync('systemd-notify', ['--version']).status !== 0) return 'systemd-notify is not installed';
  return null;
}

export interface NotifySocket {
  readonly path: string;
  /** Messages heard so far, without the barriers of the helper. */
  heard(): string[];
  close(): void;
}

export async function openNotifySocket(): Promise<NotifySocket> {
  const folder = mkdtempSync(join(tmpdir(), 'spotkeeper-notify-'));
  const path = join(folder, 'socket');
  const child = spawn('python3', ['-c', SCRIPT, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  const lines = () => text.split('\n').filter((line) => line !== '');
  await until('the notify socket', () => lines().includes('READY-TO-HEAR'));
  return {
    path,
    heard: () => lines().filter((line) => line !== 'READY-TO-HEAR' && line !== 'BARRIER=1'),
    close: () => {
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
