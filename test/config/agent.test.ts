import { describe, expect, it } from 'vitest';
import type { ResponseSettings } from '../../src/agent/respond/situation.ts';
import { MOMENTS } from '../../src/agent/respond/steps.ts';
import { printableAgentConfig, readAgentConfig } from '../../src/config/agent.ts';
import { AGENT_SETTINGS } from '../../src/config/agent-settings.ts';
import type { ConfigInput } from '../../src/config/logging.ts';
import { Failure } from '../../src/ports/failure.ts';
import { filesWith, messageOf } from './files.ts';

const input = (over: Partial<ConfigInput> = {}): ConfigInput => ({
  flags: {},
  env: {},
  file: null,
  isTerminal: false,
  ...over,
});

describe('the agent configuration', () => {
  it('is complete without a file, an option or a variable', () => {
    expect(readAgentConfig(input())).toEqual({
      region: null,
      metadataEndpoint: null,
      ecsAgentEndpoint: 'http://127.0.0.1:51678',
      pollMs: { interruption: 1_000, rebalance: 5_000, maintenance: 60_000, targetState: 10_000 },
      response: {
        marginMs: 5_000,
        standalone: 'stop-in-time',
        rebalance: { response: 'cordon', liftAfterMs: 1_800_000 },
        maintenance: { response: 'drain', aheadMs: 900_000, ignoredCodes: [] },
        targetState: { response: 'drain', deadlineMs: 120_000 },
        hostShutdown: { response: 'drain' },
      },
      hooks: { directory: '/etc/spotkeeper/hooks', limitMs: 10_000 },
      webhooks: [],
      controllers: [],
      noticePort: { host: '127.0.0.1', port: 51_690 },
      runtimeDirectory: null,
      stateDirectory: null,
      requiredDaemons: { services: [], families: [] },
      blindAfterMs: 60_000,
      bootId: null,
      logLevel: 'info',
      isPretty: false,
      notifySocket: null,
      watchdogUsec: null,
    });
  });

  it('is what the response asks for', () => {
    const { response, hooks, webhooks } = readAgentConfig(input());
    const settings: ResponseSettings = { ...response, hooksLimitMs: hooks.limitMs, hasWebhooks: webhooks.length > 0 };
    expect(Object.keys(settings)).toHaveLength(8);
  });

  it('allows no stop margin in which a listing and a write of two seconds each would not fit', () => {
    const { format } = AGENT_SETTINGS.stopMarginSeconds;
    expect([format.accepts(4), format.accepts(3.9)]).toEqual([true, false]);
  });

  it('takes the option before the environment before the file before the default', () => {
    const path = filesWith({
      'agent.yaml': 'region: eu-west-1\nlog: { level: error }\ninterruption: { pollSeconds: 3 }\n',
    })('agent.yaml');
    const env = { SPOTKEEPER_REGION: 'eu-west-2', SPOTKEEPER_LOG_LEVEL: 'warn' };
    const config = readAgentConfig(input({ file: path, env, flags: { region: 'eu-west-3' } }));
    expect([config.region, config.logLevel, config.pollMs.interruption, config.response.marginMs]).toEqual([
      'eu-west-3',
      'warn',
      3_000,
      5_000,
    ]);
  });

  it('takes our own variable before the SDK’s', () => {
    const env = { AWS_REGION: 'us-east-1', SPOTKEEPER_REGION: 'eu-west-2' };
    expect(readAgentConfig(input({ env })).region).toBe('eu-west-2');
    expect(readAgentConfig(input({ env: { AWS_REGION: 'us-east-1' } })).region).toBe('us-east-1');
  });

  it('takes an empty variable for one that is not set', () => {
    expect(
      readAgentConfig(input({ env: { SPOTKEEPER_POLL_SECONDS: '', SPOTKEEPER_CONFIG: '' } })).pollMs.interruption,
    ).toBe(1_000);
  });

  it('reads the file SPOTKEEPER_CONFIG names', () => {
    const path = filesWith({ 'agent.yaml': 'interruption: { pollSeconds: 2 }\n' })('agent.yaml');
    expect(readAgentConfig(input({ env: { SPOTKEEPER_CONFIG: path } })).pollMs.interruption).toBe(2_000);
  });

  it('names the variable whose value is wrong', () => {
    const message = messageOf(() => readAgentConfig(input({ env: { SPOTKEEPER_POLL_SECONDS: '1s' } })));
    expect(message).toBe(
      'SPOTKEEPER_POLL_SECONDS: interruption.pollSeconds: expected a number of seconds from 0.4 to 5, found "1s"',
    );
  });

  it('names the option whose value is wrong', () => {
    const message = messageOf(() => readAgentConfig(input({ flags: { 'log.level': 'loud' } })));
    expect(message).toBe('--log-level: log.level: expected one of debug, info, warn, error, found "loud"');
  });

  it('reports a bad value even where a stronger place gives a good one', () => {
    const path = filesWith({ 'agent.yaml': 'interruption:\n  pollSeconds: soon\n' })('agent.yaml');
    const env = { SPOTKEEPER_POLL_SECONDS: '2' };
    expect(messageOf(() => readAgentConfig(input({ file: path, env })))).toContain(
      'agent.yaml:2: interruption.pollSeconds',
    );
  });

  it('does not take a quoted number in a file for a number', () => {
    const path = filesWith({ 'agent.yaml': 'interruption: { pollSeconds: "2" }\n' })('agent.yaml');
    expect(messageOf(() => readAgentConfig(input({ file: path })))).toContain('found "2"');
  });

  it('refuses an endpoint with a path', () => {
    const env = { SPOTKEEPER_ECS_AGENT_ENDPOINT: 'http://127.0.0.1:51678/v1' };
    expect(messageOf(() => readAgentConfig(input({ env })))).toContain('ecsAgentEndpoint: expected an address');
  });

  it('is a failure an operator must act on', () => {
    const read = () => readAgentConfig(input({ env: { SPOTKEEPER_REGION: 'moon' } }));
    expect(read).toThrow(Failure);
    expect(read).toThrow(expect.objectContaining({ code: 'bad-configuration', kind: 'operator' }));
  });

  it('is for people on a terminal and for machines elsewhere', () => {
    expect(readAgentConfig(input({ isTerminal: true })).isPretty).toBe(true);
    expect(readAgentConfig(input({ isTerminal: true, env: { SPOTKEEPER_LOG_FORMAT: 'json' } })).isPretty).toBe(false);
    expect(readAgentConfig(input({ env: { SPOTKEEPER_LOG_FORMAT: 'pretty' } })).isPretty).toBe(true);
  });

  it('hears what systemd asks for', () => {
    const env = { NOTIFY_SOCKET: '/run/systemd/notify', WATCHDOG_USEC: '30000000' };
    expect(readAgentConfig(input({ env }))).toMatchObject({
      notifySocket: '/run/systemd/notify',
      watchdogUsec: 30_000_000,
    });
  });

  it('hears which boot this is', () => {
    expect(readAgentConfig(input({ env: { SPOTKEEPER_BOOT_ID: 'b00t' } })).bootId).toBe('b00t');
  });

  it('leaves alone a watchdog that is meant for another process', () => {
    const env = { WATCHDOG_USEC: '30000000', WATCHDOG_PID: '1' };
    expect(readAgentConfig(input({ env })).watchdogUsec).toBeNull();
  });
});

/** The configuration of a file with these lines. */
const ofFile = (lines: string, env: ConfigInput['env'] = {}) =>
  readAgentConfig(input({ file: filesWith({ 'agent.yaml': lines })('agent.yaml'), env }));
const mistakesOf = (lines: string, env: ConfigInput['env'] = {}) =>
  messageOf(() => ofFile(lines, env))
    .split('\n')
    .map((line) => line.replace(/^\/.*\/(?=agent\.yaml)/, ''));

describe('what follows a signal', () => {
  it('is read from the file', () => {
    const lines = [
      'rebalance: { response: drain, liftAfterSeconds: 600 }',
      'maintenance:',
      '  response: drain',
      '  aheadMinutes: 0x1e',
      '  ignoredCodes: [instance-stop, system-maintenance]',
      'targetState: { response: ignore, deadlineSeconds: 300 }',
      'hostShutdown: { response: ignore }',
      'stopMarginSeconds: 4.7',
      'standaloneTasks: leave',
    ];
    expect(ofFile(`${lines.join('\n')}\n`).response).toEqual({
      marginMs: 4_700,
      standalone: 'leave',
      rebalance: { response: 'drain', liftAfterMs: 600_000 },
      maintenance: {
        response: 'drain',
        aheadMs: 1_800_000,
        ignoredCodes: ['instance-stop', 'system-maintenance'],
      },
      targetState: { response: 'ignore', deadlineMs: 300_000 },
      hostShutdown: { response: 'ignore' },
    });
  });

  it('names every mistake with its line', () => {
    const lines = [
      'pollSeconds: 2',
      'rebalance: { response: cordon, liftAfter: 1 }',
      'maintenance:',
      '  response: cordon',
      '  aheadMinutes: 15m',
      '  ignoredCodes:',
      '    - instance-stop',
      '    - instance-stopp',
      '    - instance-stop',
      'standaloneTasks: kill',
      'requiredDaemons: { services: log-router, families: [a b] }',
      'hooks: { directory: hooks }',
    ];
    expect(mistakesOf(`${lines.join('\n')}\n`)).toEqual([
      'agent.yaml:1: pollSeconds: unknown key; did you mean interruption.pollSeconds?',
      'agent.yaml:2: rebalance.liftAfter: unknown key',
      'agent.yaml:4: maintenance.response: expected one of ignore, drain, found "cordon"',
      'agent.yaml:5: maintenance.aheadMinutes: expected a number of minutes from 1 to 1440, found "15m"',
      'agent.yaml:8: maintenance.ignoredCodes[1]: expected one of instance-reboot, system-reboot, system-maintenance, instance-retirement, instance-stop, found "instance-stopp"',
      'agent.yaml:9: maintenance.ignoredCodes[2]: "instance-stop" is given twice',
      'agent.yaml:10: standaloneTasks: expected one of wait, stop-in-time, leave, found "kill"',
      'agent.yaml:11: requiredDaemons.services: expected a list of at most 20, none of them twice, each a name of letters, digits, - and _, found "log-router"',
      'agent.yaml:11: requiredDaemons.families[0]: expected a name of letters, digits, - and _, found "a b"',
      'agent.yaml:12: hooks.directory: expected an absolute path, found "hooks"',
    ]);
  });

  it('takes lists from the environment separated by commas', () => {
    const env = {
      SPOTKEEPER_MAINTENANCE_IGNORED_CODES: 'instance-stop, system-reboot',
      SPOTKEEPER_REQUIRED_DAEMONS_SERVICES: 'log-router',
      SPOTKEEPER_REQUIRED_DAEMONS_FAMILIES: 'metrics,tracing',
    };
    const { response, requiredDaemons } = readAgentConfig(input({ env }));
    expect(response.maintenance.ignoredCodes).toEqual(['instance-stop', 'system-reboot']);
    expect(requiredDaemons).toEqual({ services: ['log-router'], families: ['metrics', 'tracing'] });
  });
});

describe('the periods of the agent', () => {
  const budget =
    'expected interruption.pollSeconds, rebalance.pollSeconds, targetState.pollSeconds, maintenance.pollSeconds together to take at most 10.24 packets a second, found';

  it('must fit in the budget together, and the shortest is named where they do not', () => {
    expect(mistakesOf('interruption: { pollSeconds: 0.4 }\n')).toEqual([
      `agent.yaml:1: interruption.pollSeconds: ${budget} 11.27; 0.5 or more here would do`,
    ]);
    const env = { SPOTKEEPER_TARGET_STATE_POLL_SECONDS: '1', SPOTKEEPER_REBALANCE_POLL_SECONDS: '1.5' };
    expect(mistakesOf('interruption: { pollSeconds: 1.1 }\n', env)).toEqual([
      `SPOTKEEPER_TARGET_STATE_POLL_SECONDS: targetState.pollSeconds: ${budget} 10.37; 1.1 or more here would do`,
    ]);
  });

  it('are named by what the operator set, though a default is as short', () => {
    expect(mistakesOf('rebalance:\n  pollSeconds: 1\ntargetState:\n  pollSeconds: 1\n')).toEqual([
      `agent.yaml:2: rebalance.pollSeconds: ${budget} 12.07; 1.9 or more here would do`,
    ]);
  });

  it('fit when the one that is named is made as long as is said, even where all were as short as can be', () => {
    const others = 'rebalance: { pollSeconds: 1 }\ntargetState: { pollSeconds: 1 }\nmaintenance: { pollSeconds: 5 }\n';
    expect(mistakesOf(`interruption: { pollSeconds: 0.4 }\n${others}`)).toEqual([
      `agent.yaml:1: interruption.pollSeconds: ${budget} 18.80; 2.8 or more here would do`,
    ]);
    expect(ofFile(`interruption: { pollSeconds: 2.8 }\n${others}`).pollMs.interruption).toBe(2_800);
  });

  it('may be as short as the budget allows', () => {
    expect(ofFile('interruption: { pollSeconds: 0.5 }\n').pollMs.interruption).toBe(500);
    expect(AGENT_SETTINGS['interruption.pollSeconds'].format.accepts(0.39)).toBe(false);
  });

  it('keep their older variable', () => {
    const older = { SPOTKEEPER_POLL_SECONDS: '2' };
    expect(readAgentConfig(input({ env: older })).pollMs.interruption).toBe(2_000);
    const env = { ...older, SPOTKEEPER_INTERRUPTION_POLL_SECONDS: '3' };
    expect(readAgentConfig(input({ env })).pollMs.interruption).toBe(3_000);
  });
});

describe('the directories of the agent', () => {
  it('are what systemd gives, the first of several', () => {
    const env = { RUNTIME_DIRECTORY: '/run/spotkeeper:/run/other', STATE_DIRECTORY: '/var/lib/spotkeeper-agent' };
    const { runtimeDirectory, stateDirectory } = readAgentConfig(input({ env }));
    expect([runtimeDirectory, stateDirectory]).toEqual(['/run/spotkeeper', '/var/lib/spotkeeper-agent']);
  });

  it('are our own variables before those of systemd, and these before the file', () => {
    const env = { RUNTIME_DIRECTORY: '/run/a', SPOTKEEPER_RUNTIME_DIRECTORY: '/run/b', STATE_DIRECTORY: '/c' };
    const { runtimeDirectory, stateDirectory } = ofFile('runtimeDirectory: /run/f\nstateDirectory: /f\n', env);
    expect([runtimeDirectory, stateDirectory]).toEqual(['/run/b', '/c']);
  });

  it('are absolute', () => {
    expect(mistakesOf('stateDirectory: state\n')).toEqual([
      'agent.yaml:1: stateDirectory: expected an absolute path, or nothing, found "state"',
    ]);
  });
});

describe('webhooks', () => {
  const URL = 'https://hooks.slack.com/services/T0/B0/S3CRET';

  it('are told at every moment unless said otherwise', () => {
    const lines = [
      'webhooks:',
      `  - { url: "${URL}", template: slack }`,
      '  - url: http://tower.internal:8080/spot?key=S3CRET',
      '    template: json',
      '    moments: [notice, drained]',
      '    headers: { Authorization: Bearer S3CRET }',
    ];
    expect(ofFile(`${lines.join('\n')}\n`).webhooks).toEqual([
      { url: URL, template: 'slack', moments: MOMENTS, headers: {} },
      {
        url: 'http://tower.internal:8080/spot?key=S3CRET',
        template: 'json',
        moments: ['notice', 'drained'],
        headers: { Authorization: 'Bearer S3CRET' },
      },
    ]);
  });

  it('are JSON in the environment', () => {
    const env = { SPOTKEEPER_WEBHOOKS: JSON.stringify([{ url: URL, template: 'json' }]) };
    expect(readAgentConfig(input({ env })).webhooks.map(({ url }) => url)).toEqual([URL]);
  });

  it('are printed without their secrets', () => {
    const hooks = [{ url: URL, template: 'json', headers: { 'X-Key': 'S3CRET' } }];
    const config = readAgentConfig(input({ env: { SPOTKEEPER_WEBHOOKS: JSON.stringify(hooks) } }));
    const printable = printableAgentConfig(config);
    expect(printable.webhooks).toMatchObject([{ url: 'https://hooks.slack.com/…', headers: { 'X-Key': '…' } }]);
    expect({ ...printable, webhooks: config.webhooks }).toEqual(config);
  });

  it.each([
    ['an address without its scheme', 'webhooks: [{ url: hooks.slack.com/S3CRET, template: slack }]'],
    ['an address that is no text', 'webhooks: [{ url: 53, template: slack }]'],
    ['an address with a password', 'webhooks: [{ url: "https://me:S3CRET@a.b/", template: slack }]'],
    ['a list of addresses', `webhooks: ["${URL}"]`],
    ['one address', `webhooks: "${URL}"`],
    ['an address in place of a key', `webhooks: [{url:${URL}, template: slack}]`],
    ['an address under a wrong key', `webhooks: [{ uri: "${URL}", template: slack }]`],
    ['an address as an unknown template', `webhooks: [{ url: "${URL}", template: "${URL}" }]`],
    ['an address for another key', `hooks: "${URL}"`],
    ['an address for an address of another kind', `metadataEndpoint: "${URL}"`],
    ['a header on two lines', `webhooks: [{ url: "${URL}", template: json, headers: { A: "S3CRET\\n" } }]`],
    ['headers as a text', `webhooks: [{ url: "${URL}", template: json, headers: "A: S3CRET" }]`],
    ['broken YAML', `webhooks:\n  - url: ${URL}\n template: slack "${URL}"\n`],
    ['an alias that is none', `webhooks: [{ url: *${URL}, template: slack }]`],
  ])('keep their secrets in the mistakes of a file with %s', (_name, lines) => {
    const message = mistakesOf(`${lines}\n`).join('\n');
    expect(message).toContain('agent.yaml:');
    expect(message).not.toMatch(/S3CRET|\b53\b/);
  });

  it('keep their secrets in the mistakes of the environment', () => {
    const broken = `[{"url":"${URL}","template":"slack"`;
    const message = messageOf(() => readAgentConfig(input({ env: { SPOTKEEPER_WEBHOOKS: broken } })));
    expect(message).toContain('SPOTKEEPER_WEBHOOKS: webhooks: expected a list of at most 10');
    expect(message).toContain('found a text that is not shown, as it may be a secret');
    expect(message).not.toContain('S3CRET');
  });
});
