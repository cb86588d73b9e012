// The signals once more, read from AWS's own mock of instance metadata in place of the sandbox's: so that one
// misunderstanding of IMDS cannot be in both. Skipped where it is not installed.
import { afterEach, describe, expect, it } from 'vitest';
import { AgentLives } from '../support/agent-lives.ts';
import { type AgentStage, setAgentStage } from '../support/agent-stage.ts';
import { type MetadataMock, startMetadataMock, whyNoMetadataMock } from '../support/metadata-mock.ts';
import { until } from '../support/until.ts';

const why = whyNoMetadataMock();
if (why !== null) process.stderr.write(`the agent is not tested against AWS's own mock of IMDS: ${why}\n`);

const DELAY_SECONDS = 4;

let stage: AgentStage;
let mock: MetadataMock;
afterEach(async () => {
  await stage.close();
  await mock.close();
});

/** An agent of the sandbox's ECS that reads this mock. */
async function startBeside(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  stage = await setAgentStage();
  mock = await startMetadataMock(args);
  const lives = new AgentLives(stage, { AWS_EC2_METADATA_SERVICE_ENDPOINT: mock.url, ...environment });
  await lives.start();
  return lives;
}

// The mock would give another time at each request, unless it is told one.
const at = (fromNowMs: number) => new Date(Date.now() + fromNowMs).toISOString().replace(/\.\d{3}Z$/, 'Z');

describe.skipIf(why !== null)("the agent beside AWS's own mock of IMDS", () => {
  it.each(['terminate', 'stop', 'hibernate'])('drains on a notice to %s, and not before it comes', async (action) => {
    const time = at(120_000);
    const flags = ['--action', action, '--time', time, '--mock-delay-sec', String(DELAY_SECONDS)];
    const lives = await startBeside(['spot', ...flags]);
    await until('its word of readiness', () => lives.said('is marked as ready'));
    expect(stage.seen()).toEqual({ status: 'ACTIVE', notice: null });
    await until('the attribute', () => stage.seen().notice !== null);
    expect(stage.seen()).toEqual({ status: 'DRAINING', notice: `interruption@${time}` });
    expect(lives.all[0]?.child.exitCode).toBeNull();
  });

  it('drains before scheduled maintenance', async () => {
    const flags = ['--code', 'system-reboot', '--state', 'active', '--not-before', at(300_000)];
    await startBeside(['events', ...flags]);
    await until('DRAINING', () => stage.seen().status === 'DRAINING');
    await until('the attribute', () => stage.seen().notice?.startsWith('maintenance@') === true);
  });

  it('is not disturbed by maintenance that is completed', async () => {
    const flags = ['--code', 'system-reboot', '--state', 'completed', '--not-before', at(-300_000)];
    const lives = await startBeside(['events', ...flags]);
    await until('its word of readiness', () => lives.said('is marked as ready'));
    expect(stage.seen()).toEqual({ status: 'ACTIVE', notice: null });
  });
});
