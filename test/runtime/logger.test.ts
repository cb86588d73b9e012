import { describe, expect, it } from 'vitest';
import { startScript } from '../support/script.ts';

/** Runs lines in a process of their own, because a log belongs to a process's standard error. */
async function run(script: string): Promise<{ stdout: string; lines: string[] }> {
  const imports = `import { createLogger } from './src/runtime/logger.ts';
    import { Failure } from './src/ports/failure.ts';`;
  const running = await startScript(`${imports}\n${script}`);
  await running.over;
  return { stdout: running.stdout(), lines: running.stderr().trimEnd().split('\n') };
}

describe('the logger', () => {
  it('writes JSON lines to standard error, with a word for the level, and a failure in one line with its causes', async () => {
    const { stdout, lines } = await run(`
      const logger = createLogger({ level: 'info', pretty: false, name: 'agent' });
      logger.debug({}, 'unheard');
      logger.warn({ err: new Failure('throttled', 'listing', { cause: new Error('Rate exceeded') }), n: 1 }, 'heard');
      process.exit(0);`);
    expect(stdout).toBe('');
    expect(lines).toHaveLength(1);
    const line = JSON.parse(lines[0] ?? '');
    expect(line.err).toEqual({ code: 'throttled', message: 'listing: Rate exceeded' });
    expect(line).toMatchObject({
      level: 'warn',
      name: 'agent',
      msg: 'heard',
      n: 1,
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
  });

  it('writes the stack of an error that is no failure, for that is a bug', async () => {
    const { lines } = await run(`
      createLogger({ level: 'info', pretty: false, name: 'agent' }).error({ err: new TypeError('oops') }, 'broken');`);
    expect(JSON.parse(lines[0] ?? '').err).toMatchObject({ type: 'TypeError', stack: expect.stringContaining('at ') });
  });

  it('writes lines for people when asked, and the last one also just before an exit', async () => {
    const { lines } = await run(`
      createLogger({ level: 'info', pretty: true, name: 'agent' }).info({ tookMs: 5 }, 'done');
      process.exit(0);`);
    expect(lines[0]).toMatch(/INFO.*agent.*done/);
    expect(lines.join('\n')).toContain('tookMs: 5');
  });
});
