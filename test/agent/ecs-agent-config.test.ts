import { describe, expect, it } from 'vitest';
import { defaultStopTimeoutMs, settingIn } from '../../src/agent/ecs-agent-config.ts';

describe('a setting of the ECS agent', () => {
  it('is the last of its lines, without quotes', () => {
    expect(settingIn("A=1\n#A=2\n A='3' \r\nAB=4\n", 'A')).toBe('3');
    expect(settingIn('AB=4', 'A')).toBeNull();
    expect(settingIn(null, 'A')).toBeNull();
  });
});

describe('the stop timeout of containers that set none', () => {
  it.each([
    ['90s', 90_000],
    ['1m30s', 90_000],
    ['1.5m', 90_000],
    ['500ms', 1_000],
    ['2m', 120_000],
    ['0s', 1_000],
    ['90', 30_000],
    ['-5s', 30_000],
    ['soon', 30_000],
    ['', 30_000],
  ])('is, set to "%s", %i ms', (value, expected) => {
    expect(defaultStopTimeoutMs(`ECS_CONTAINER_STOP_TIMEOUT=${value}\n`)).toBe(expected);
  });

  it('is 30 seconds where nothing is set', () => {
    expect(defaultStopTimeoutMs('ECS_CLUSTER=production')).toBe(30_000);
    expect(defaultStopTimeoutMs(null)).toBe(30_000);
  });
});
