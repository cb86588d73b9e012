// Whether systemd is stopping the host, and not only one unit.
import { execFile } from 'node:child_process';

const LIMIT_MS = 5_000;

/** False also where there is no systemd to ask. */
export function isHostStopping(command = 'systemctl'): Promise<boolean> {
  return new Promise((resolve) => {
    // It exits with an error for every state but `running`; the word is what counts.
    // https://www.freedesktop.org/software/systemd/man/252/systemctl.html#is-system-running
    execFile(command, ['is-system-running'], { timeout: LIMIT_MS }, (_error, stdout) => {
      resolve(stdout.trim() === 'stopping');
    });
  });
}
