import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

const ROOT = new URL('../..', import.meta.url).pathname;
const REQUIRE =
  "import { createRequire as bundleCreateRequire } from 'node:module'; const require = bundleCreateRequire(import.meta.url);";

export interface RunningScript {
  readonly child: ChildProcess;
  stdout(): string;
  stderr(): string;
  /** Resolves when the process is over and all it wrote was read. */
  readonly over: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

/** Runs TypeScript that may import `./src/...` in a process of its own. */
export async function startScript(source: string): Promise<RunningScript> {
  const folder = mkdtempSync(join(tmpdir(), 'spotkeeper-script-'));
  const outfile = join(folder, 'script.mjs');
  await build({
    stdin: { contents: source, resolveDir: ROOT, loader: 'ts' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    banner: { js: REQUIRE },
    outfile,
  });
  const running = watchChild(spawn(process.execPath, [outfile], { stdio: ['ignore', 'pipe', 'pipe'] }));
  void running.over.then(() => rmSync(folder, { recursive: true, force: true }));
  return running;
}

/** Collects what a child writes, and how it ends. */
export function watchChild(child: ChildProcess): RunningScript {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  const over = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal }));
  });
  return { child, stdout: () => stdout, stderr: () => stderr, over };
}
