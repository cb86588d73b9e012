// Runs the bundled command as an operator would: a process of its own with an environment of its own.
import { spawn } from 'node:child_process';
import { until } from './until.ts';

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly finished: Promise<Finished>;
  /** Resolves when it has said this on standard error. */
  saying(text: string): Promise<void>;
  kill(signal: NodeJS.Signals): void;
}

/** Where the build is that is tested; another folder than dist/ for whoever builds beside others. */
export const DIST = process.env.SPOTKEEPER_TEST_DIST ?? 'dist';

/** Resolves when the command has ended; nothing of this process's environment reaches it but the path. */
export function runCommand(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Finished> {
  return startCommand(args, env).finished;
}

/** The command while it runs. */
export function startCommand(args: readonly string[], env: Readonly<Record<string, string>> = {}): Started {
  const child = spawn(process.execPath, [`${DIST}/spotkeeper.js`, ...args], {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr]: [string[], string[]] = [[], []];
  child.stdout.setEncoding('utf8').on('data', (text: string) => stdout.push(text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => stderr.push(text));
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout: stdout.join(''), stderr: stderr.join('') }));
  });
  return {
    finished,
    saying: (text) => until(`the command to say "${text}"`, () => stderr.join('').includes(text)),
    kill: (signal) => child.kill(signal),
  };
}
