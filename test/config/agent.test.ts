import { describe, expect, it } from 'vitest';
import { LIST_LIMIT_MS, WRITE_LIMIT_MS } from '../../src/agent/responding.ts';
import { AGENT_SETTINGS, readAgentConfig } from '../../src/config/agent.ts';
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
      metadataEndpoint: 'http://169.254.169.254',
      ecsAgentEndpoint: 'http://127.0.0.1:51678',
      pollSeconds: 1,
      stopMarginSeconds: 5,
      logLevel: 'info',
      isPretty: false,
      notifySocket: null,
      watchdogUsec: null,
    });
  });

  it('allows no stop margin in which a listing and a write would not fit', () => {
    const { format } = AGENT_SETTINGS.stopMarginSeconds;
    const leastSeconds = (LIST_LIMIT_MS + WRITE_LIMIT_MS) / 1_000;
    expect([format.accepts(leastSeconds), format.accepts(leastSeconds - 0.1)]).toEqual([true, false]);
  });

  it('takes the option before the environment before the file before the default', () => {
    const path = filesWith({ 'agent.yaml': 'region: eu-west-1\nlog: { level: error }\npollSeconds: 3\n' })(
      'agent.yaml',
    );
    const env = { SPOTKEEPER_REGION: 'eu-west-2', SPOTKEEPER_LOG_LEVEL: 'warn' };
    const config = readAgentConfig(input({ file: path, env, flags: { region: 'eu-west-3' } }));
    expect([config.region, config.logLevel, config.pollSeconds, config.stopMarginSeconds]).toEqual([
      'eu-west-3',
      'warn',
      3,
      5,
    ]);
  });

  it('takes our own variable before the SDK’s', () => {
    const env = { AWS_REGION: 'us-east-1', SPOTKEEPER_REGION: 'eu-west-2' };
    expect(readAgentConfig(input({ env })).region).toBe('eu-west-2');
    expect(readAgentConfig(input({ env: { AWS_REGION: 'us-east-1' } })).region).toBe('us-east-1');
  });

  it('takes an empty variable for one that is not set', () => {
    expect(readAgentConfig(input({ env: { SPOTKEEPER_POLL_SECONDS: '', SPOTKEEPER_CONFIG: '' } })).pollSeconds).toBe(1);
  });

  it('reads the file SPOTKEEPER_CONFIG names', () => {
    const path = filesWith({ 'agent.yaml': 'pollSeconds: 2\n' })('agent.yaml');
    expect(readAgentConfig(input({ env: { SPOTKEEPER_CONFIG: path } })).pollSeconds).toBe(2);
  });

  it('names the variable whose value is wrong', () => {
    const message = messageOf(() => readAgentConfig(input({ env: { SPOTKEEPER_POLL_SECONDS: '1s' } })));
    expect(message).toBe(
      'SPOTKEEPER_POLL_SECONDS: pollSeconds: expected a number of seconds from 0.1 to 5, found "1s"',
    );
  });

  it('names the option whose value is wrong', () => {
    const message = messageOf(() => readAgentConfig(input({ flags: { 'log.level': 'loud' } })));
    expect(message).toBe('--log-level: log.level: expected one of debug, info, warn, error, found "loud"');
  });

  it('reports a bad value even where a stronger place gives a good one', () => {
    const path = filesWith({ 'agent.yaml': 'pollSeconds: soon\n' })('agent.yaml');
    const env = { SPOTKEEPER_POLL_SECONDS: '2' };
    expect(messageOf(() => readAgentConfig(input({ file: path, env })))).toContain('agent.yaml:1: pollSeconds');
  });

  it('does not take a quoted number in a file for a number', () => {
    const path = filesWith({ 'agent.yaml': 'pollSeconds: "2"\n' })('agent.yaml');
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

  it('leaves alone a watchdog that is meant for another process', () => {
    const env = { WATCHDOG_USEC: '30000000', WATCHDOG_PID: '1' };
    expect(readAgentConfig(input({ env })).watchdogUsec).toBeNull();
  });
});
