import { describe, expect, it } from 'vitest';
import { type Commands, runProgram } from '../../src/cli/program.ts';

/** Runs a command line with commands that only remember how they were called. */
async function run(...args: string[]) {
  const calls: [string, unknown][] = [];
  const remember = (name: string) => async (options: unknown) => {
    calls.push([name, options]);
    return 0 as const;
  };
  const commands: Commands = {
    agent: remember('agent'),
    controller: remember('controller'),
    plan: remember('plan'),
    status: remember('status'),
    explain: remember('explain'),
    cordon: remember('cordon'),
    uncordon: remember('uncordon'),
    drain: remember('drain'),
    replace: remember('replace'),
    pause: remember('pause'),
    resume: remember('resume'),
    checkConfig: remember('checkConfig'),
    sandbox: remember('sandbox'),
    hostShutdown: remember('hostShutdown'),
  };
  const out: string[] = [];
  const err: string[] = [];
  const streams = {
    stdout: { write: (text: string) => out.push(text) },
    stderr: { write: (text: string) => err.push(text) },
  };
  const code = await runProgram(args, { commands, streams, version: '1.2.3' });
  return { calls, code, out: out.join(''), err: err.join('') };
}

describe('the command line', () => {
  it('hands a process its file and its options by key', async () => {
    const { calls } = await run('controller', '-c', 'a.yaml', '--cluster', 'x', '--log-level', 'debug');
    expect(calls).toEqual([
      [
        'controller',
        {
          file: 'a.yaml',
          flags: { cluster: 'x', region: undefined, 'log.level': 'debug' },
          isLeaseTableWanted: false,
        },
      ],
    ]);
  });

  it('asks for a lease table only when told to', async () => {
    const { calls } = await run('controller', '--create-lease-table');
    expect(calls[0]?.[1]).toMatchObject({ isLeaseTableWanted: true });
  });

  it('asks for JSON only when told to', async () => {
    expect((await run('plan', '--json')).calls[0]?.[1]).toMatchObject({ isJson: true, file: null });
    expect((await run('status')).calls[0]?.[1]).toMatchObject({ isJson: false });
  });

  it('shows single instances only when told to', async () => {
    expect((await run('plan', '--instances')).calls[0]?.[1]).toMatchObject({ isByInstance: true });
    expect((await run('plan')).calls[0]?.[1]).toMatchObject({ isByInstance: false });
  });

  it('explains everything of the last hour, unless told what and how far back', async () => {
    const settings = { file: null, flags: {}, isJson: false };
    const { calls } = await run('explain');
    expect(calls).toEqual([['explain', { ...settings, name: null, lastMs: 3_600_000, directory: null }]]);
    const told = await run('explain', 'i-1', '--last', '12h', '--recording', '/there');
    expect(told.calls).toEqual([['explain', { ...settings, name: 'i-1', lastMs: 43_200_000, directory: '/there' }]]);
  });

  it('takes any number of files to check', async () => {
    expect((await run('config', 'check', 'a', 'b')).calls).toEqual([
      ['checkConfig', { files: ['a', 'b'], isJson: false }],
    ]);
  });

  it('takes a seed that is a whole number', async () => {
    expect((await run('sandbox', '--seed', '7', '--keep')).calls).toEqual([
      ['sandbox', { isKept: true, seed: 7, isJson: false }],
    ]);
  });

  it('takes any number of instances to cordon, to take back and to drain', async () => {
    const [cordoned, back, drained] = [
      await run('cordon', 'i-1', 'i-2', '--or-drain', '--cluster', 'x'),
      await run('uncordon', 'i-1'),
      await run('drain', 'i-1', '--wait', '--timeout', '90', '--json'),
    ];
    expect(cordoned.calls[0]?.[1]).toMatchObject({
      instances: ['i-1', 'i-2'],
      mayDrain: true,
      flags: { cluster: 'x' },
    });
    expect(back.calls[0]?.[1]).toMatchObject({ instances: ['i-1'], isJson: false });
    expect(drained.calls[0]?.[1]).toMatchObject({ isWaiting: true, timeoutMs: 90_000, isJson: true });
  });

  it('takes instances to replace, or all that are behind the fleet, and not both', async () => {
    const drifted = await run('replace', '--drifted', '--dry-run');
    expect(drifted.calls[0]?.[1]).toMatchObject({ instances: [], isDrifted: true, isDryRun: true, isWaiting: false });
    const named = await run('replace', 'i-1', '--wait', '--timeout', '60');
    expect(named.calls[0]?.[1]).toMatchObject({ instances: ['i-1'], isDrifted: false, timeoutMs: 60_000 });
    for (const wrong of [[], ['i-1', '--drifted'], ['i-1', '--undo', '--wait'], ['i-1', '--timeout', '9']]) {
      expect(await run('replace', ...wrong)).toMatchObject({ code: 2, calls: [] });
    }
  });

  it('drains without waiting, and waits without an end, unless told otherwise', async () => {
    expect((await run('drain', 'i-1')).calls[0]?.[1]).toMatchObject({ isWaiting: false, timeoutMs: null });
    expect((await run('drain', 'i-1', '--wait')).calls[0]?.[1]).toMatchObject({ isWaiting: true, timeoutMs: null });
  });

  it.each([
    [['plam'], "unknown command 'plam'\n(Did you mean plan?)"],
    [['config', 'chekc'], "unknown command 'chekc'\n(Did you mean check?)"],
    [['plan', '--jsno'], "unknown option '--jsno'\n(Did you mean --json?)"],
    [['plan', 'extra'], 'too many arguments'],
    [['controller', '--config'], 'argument missing'],
    [['sandbox', '--seed', 'x'], 'Expected a whole number'],
    [['cordon'], 'missing required argument'],
    [['replace', 'i-1', '--drifted'], 'not both'],
    [['pause', '--reason', ' '], 'Say why'],
    [['drain', 'i-1', '--timeout', '5'], '--timeout needs --wait'],
    [['drain', 'i-1', '--wait', '--timeout', 'soon'], 'Expected a whole number'],
    [[], 'Usage: spotkeeper'],
    [['config'], 'Usage: spotkeeper config'],
  ])('refuses %j with 2 and says why', async (args, expected) => {
    const { code, err, calls, out } = await run(...args);
    expect([code, calls, out]).toEqual([2, [], '']);
    expect(err).toContain(expected);
  });

  it('prints the version', async () => {
    expect(await run('--version')).toMatchObject({ code: 0, out: '1.2.3\n', err: '' });
  });

  it.each([
    [[]],
    [['agent']],
    [['controller']],
    [['plan']],
    [['status']],
    [['cordon']],
    [['uncordon']],
    [['drain']],
    [['config', 'check']],
    [['sandbox']],
  ])('helps with %j: usage, examples and exit codes', async (args: string[]) => {
    const { code, out, err } = await run(...args, '--help');
    expect([code, err]).toEqual([0, '']);
    for (const part of ['Usage: spotkeeper', '$ spotkeeper', 'Exit codes:']) expect(out).toContain(part);
  });
});
