// The bundled command itself.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CONTROLLER, FLEET, filesWith } from '../config/files.ts';
import { runCommand } from '../support/run-command.ts';

describe('spotkeeper', () => {
  it('prints the version of its package', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(await runCommand(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('helps', async () => {
    const { code, stdout } = await runCommand(['--help']);
    expect(code).toBe(0);
    for (const name of ['agent', 'controller', 'plan', 'status', 'config', 'sandbox'])
      expect(stdout).toContain(`  ${name}`);
  });

  it('ends with 2 and a suggestion for a command it does not have', async () => {
    const { code, stderr } = await runCommand(['contoller']);
    expect(code).toBe(2);
    expect(stderr).toContain('Did you mean controller?');
  });

  it('accepts the examples of the repository', async () => {
    const files = ['config/agent.yaml', 'config/controller.yaml', 'config/fleets/general.yaml'];
    expect(await runCommand(['config', 'check', ...files])).toEqual({
      code: 0,
      stdout:
        'config/agent.yaml: a good agent configuration\nconfig/controller.yaml: a good controller configuration\nconfig/fleets/general.yaml: a good fleet configuration\n',
      stderr: '',
    });
  });

  it('checks the file SPOTKEEPER_CONFIG names', async () => {
    const { code, stdout } = await runCommand(['config', 'check'], { SPOTKEEPER_CONFIG: 'config/agent.yaml' });
    expect([code, stdout]).toEqual([0, 'config/agent.yaml: a good agent configuration\n']);
  });

  it('ends with 2 when there is nothing to check', async () => {
    expect(await runCommand(['config', 'check'])).toMatchObject({
      code: 2,
      stderr: 'spotkeeper: [bad-configuration] no file to check: name one, or set SPOTKEEPER_CONFIG\n',
    });
  });

  it('names every mistake of every file, and still what is good', async () => {
    const at = filesWith({
      'controller.yaml': `${CONTROLLER}shedule: x\n`,
      'fleet.yaml': FLEET.replace('max: 20', 'max: 1'),
    });
    const { code, stdout, stderr } = await runCommand(['config', 'check', at('controller.yaml'), 'config/agent.yaml']);
    expect(code).toBe(2);
    expect(stdout).toBe('config/agent.yaml: a good agent configuration\n');
    expect(stderr.trim().split('\n')).toEqual([
      `${at('controller.yaml')}:3: shedule: unknown key; did you mean schedule?`,
      `${at('fleet.yaml')}:3: targetCapacity.max: expected at least targetCapacity.min (2), found 1`,
    ]);
  });

  it('prints the findings of a check as one JSON document', async () => {
    const at = filesWith({ 'fleet.yaml': 'name: x\n' });
    const { stdout } = await runCommand(['config', 'check', '--json', at('fleet.yaml')]);
    expect(JSON.parse(stdout)).toMatchObject({ isGood: false, files: [{ kind: 'fleet', isGood: false }] });
  });

  it.each(['controller', 'plan', 'status'])(
    '%s ends with 2 and every mistake of its configuration',
    async (command) => {
      const at = filesWith({ 'controller.yaml': 'cluster: a b\nfleets: [none.yaml]\n' });
      const { code, stdout, stderr } = await runCommand([command, '--config', at('controller.yaml')]);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toBe(
        `spotkeeper: [bad-configuration] ${at('controller.yaml')}:1: cluster: expected the name or ARN of a cluster, found "a b"\nspotkeeper: [bad-configuration] ${at('none.yaml')}: there is no such file\n`,
      );
    },
  );

  it('agent ends with 2 and the mistake in its environment', async () => {
    const { code, stderr } = await runCommand(['agent'], { SPOTKEEPER_POLL_SECONDS: 'often' });
    expect(code).toBe(2);
    expect(stderr).toContain(
      'spotkeeper: [bad-configuration] SPOTKEEPER_POLL_SECONDS: interruption.pollSeconds: expected a number of seconds',
    );
  });

  it('is not upset by a reader that goes away', () => {
    const { stderr } = spawnSync('sh', ['-c', `"$0" dist/spotkeeper.js --help | true`, process.execPath], {
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
  });
});
