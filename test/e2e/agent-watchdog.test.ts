// What systemd hears of the real agent on a real datagram socket: ready only when it can see notices, and a loop that
// hangs is silent, so that the watchdog ends it.
import { afterEach, describe, expect, it } from 'vitest';
import { AgentLives } from '../support/agent-lives.ts';
import { type AgentStage, setAgentStage } from '../support/agent-stage.ts';
import { type NotifySocket, openNotifySocket, whyNoNotifySocket } from '../support/notify-socket.ts';
import { until } from '../support/until.ts';

const why = whyNoNotifySocket();
if (why !== null) process.stderr.write(`the agent's word to systemd is not tested: ${why}\n`);

const WATCHDOG_MS = 3_000;

let stage: AgentStage;
let socket: NotifySocket;
afterEach(async () => {
  socket.close();
  await stage.close();
});

async function underSystemd(): Promise<AgentLives> {
  stage = await setAgentStage();
  socket = await openNotifySocket();
  const lives = new AgentLives(stage, { NOTIFY_SOCKET: socket.path, WATCHDOG_USEC: String(WATCHDOG_MS * 1_000) });
  return lives;
}

const pings = () => socket.heard().filter((message) => message === 'WATCHDOG=1').length;
const passed = (durationMs: number) => {
  const from = stage.sandbox.driver.now;
  return until(`${durationMs} ms to pass`, () => stage.sandbox.driver.now - from > durationMs);
};

describe.skipIf(why !== null)('the agent under the watchdog of systemd', () => {
  it('is silent for longer than the watchdog allows while its loop hangs, and pings again when it goes on', async () => {
    const lives = await underSystemd();
    await lives.start();
    await until('two pings', () => pings() >= 2);
    lives.signal('SIGSTOP');
    // A ping that was on its way already is no sign of life.
    await passed(500);
    const before = pings();
    await passed(WATCHDOG_MS + 500);
    expect(pings()).toBe(before);
    lives.signal('SIGCONT');
    await until('another ping', () => pings() > before);
    expect(lives.all[0]?.child.exitCode).toBeNull();
  });

  it('pings on through an outage of IMDS and of ECS: it is alive, and starting it again would not help', async () => {
    const lives = await underSystemd();
    await lives.startReady();
    stage.fault('imds', { kind: 'throttle' });
    stage.fault('ecs', { kind: 'reset' });
    const before = pings();
    await until('three more pings', () => pings() >= before + 3);
  });

  it('is ready only when IMDS has answered whether there is a notice', async () => {
    const lives = await underSystemd();
    const end = stage.fault('imds', { kind: 'throttle' });
    await lives.start();
    const readings = () => stage.calls('PUT /latest/api/token');
    await until('a few readings', () => readings() >= 4);
    expect(socket.heard()).not.toContain('READY=1');
    end();
    await until('its word of readiness', () => socket.heard().includes('READY=1'));
  });

  it('is ready although ECS cannot be reached: what matters first is to see', async () => {
    const lives = await underSystemd();
    stage.fault('ecs', { kind: 'reset' });
    stage.fault('introspection', { kind: 'reset' });
    await lives.start();
    await until('its word of readiness', () => socket.heard().includes('READY=1'));
  });
});
