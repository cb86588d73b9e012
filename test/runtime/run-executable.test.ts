import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { bundleInto } from '../support/bundle.ts';
import { aFolder } from '../support/folder.ts';

/** Takes every file descriptor that this process may have, and then runs a program. */
const WITHOUT_DESCRIPTORS = `
  import { openSync } from 'node:fs';
  import { runExecutable } from 'SRC/runtime/run-executable.ts';
  import { systemClock } from 'SRC/runtime/system-clock.ts';

  const executable = { path: '/bin/true', env: {}, stdin: '' };
  // Loaded and opened before: what Node needs for this once.
  await runExecutable(executable, systemClock, new AbortController().signal);
  try {
    for (;;) openSync('/dev/null');
  } catch {
    const failure = await runExecutable(executable, systemClock, new AbortController().signal).catch((error) => error);
    // An error that nobody listens for has ended this process by then.
    await new Promise((resolve) => setImmediate(resolve));
    process.stdout.write(failure.code + ' ' + failure.cause.code);
  }
`;

describe('a program', () => {
  it('that cannot be started for want of file descriptors is refused, and harms nobody', () => {
    const script = bundleInto(aFolder(), WITHOUT_DESCRIPTORS);
    const said = execFileSync('sh', ['-c', `ulimit -n 64; exec '${process.execPath}' '${script}'`]);
    expect(said.toString()).toBe('refused EMFILE');
  });
});
