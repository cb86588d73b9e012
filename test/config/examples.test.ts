import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { readAgentConfig } from '../../src/config/agent.ts';
import { readControllerConfig } from '../../src/config/controller.ts';
import { CONTROLLER_SETTINGS } from '../../src/config/controller-settings.ts';
import { readSettings } from '../../src/config/settings.ts';

const input = (file: string) => ({ flags: {}, env: {}, file, isTerminal: false });

describe('the examples in config/', () => {
  it('hold an agent configuration that says what the defaults say', () => {
    const { logLevel, isPretty, ...defaults } = readAgentConfig({ ...input(''), file: null });
    expect(readAgentConfig(input('config/agent.yaml'))).toEqual({ ...defaults, logLevel, isPretty });
  });

  it('hold a controller configuration and its fleet', () => {
    const config = readControllerConfig(input('config/controller.yaml'));
    expect(config.cluster).toBe('production');
    expect(config.fleet).toMatchObject({ name: 'general', minUnits: 2, maxUnits: 200 });
  });

  it('show the defaults of the controller', () => {
    const { values } = readSettings(CONTROLLER_SETTINGS, { flags: {}, env: {}, file: 'config/controller.yaml' });
    const different = Object.entries(CONTROLLER_SETTINGS)
      .filter(
        ([key, setting]) =>
          'default' in setting && !isDeepStrictEqual(values[key as keyof typeof values], setting.default),
      )
      .map(([key]) => key);
    // Where it is recorded is a place on the host: there is none without an operator's word.
    expect(different).toEqual(['region', 'recording.directory']);
  });
});
