// What each command loads. An agent runs on every instance beside the tasks, so every library it does not need counts.
import { build, type Metafile } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { AGENT, COMMAND } from '../../build.mjs';

let outputs: Metafile['outputs'] = {};

beforeAll(async () => {
  const results = await Promise.all(
    [AGENT, COMMAND].map((options) =>
      build({ ...options, outdir: 'dist', metafile: true, write: false, logLevel: 'silent' }),
    ),
  );
  outputs = Object.assign({}, ...results.map(({ metafile }) => metafile?.outputs));
});

/** Every source file that is loaded with a root, whatever it may still load later; sorted. */
function loadedWith(root: string): string {
  const queue = Object.keys(outputs).filter((name) => outputs[name]?.entryPoint === `src/bin/${root}.ts`);
  const seen = new Set<string>();
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    for (const { path, kind } of outputs[name]?.imports ?? []) if (kind === 'import-statement') queue.push(path);
  }
  return [...seen]
    .flatMap((name) => Object.keys(outputs[name]?.inputs ?? {}))
    .sort()
    .join('\n');
}

describe('the command', () => {
  it('loads nothing before it knows whether it is the agent', () => {
    expect(loadedWith('spotkeeper')).toBe('src/bin/spotkeeper.ts');
  });

  it('loads no process and no AWS client before it knows what to run', () => {
    expect(loadedWith('command')).toContain('src/cli/program.ts');
    expect(loadedWith('command')).not.toMatch(
      /src\/(agent|aws|controller|plan|sandbox|world)\/|@aws-sdk|node_modules\/(pino|axios|convict)/,
    );
  });

  it('keeps the controller, the sandbox and their libraries out of what an agent loads', () => {
    expect(loadedWith('agent-main')).toContain('src/agent/');
    expect(loadedWith('agent-main')).not.toMatch(
      /src\/(controller|plan|sandbox|world)\/|node_modules\/(@aws-sdk\/client-(ec2|dynamodb|cloudwatch)|commander|node-cron|dynalite|prom-client)\//,
    );
  });

  it('keeps the agent and the sandbox out of what a controller loads', () => {
    expect(loadedWith('controller')).toContain('src/controller/');
    expect(loadedWith('controller')).not.toMatch(/src\/(agent|sandbox|world)\/|node_modules\/dynalite\//);
  });
});
