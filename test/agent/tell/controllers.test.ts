import { afterEach, describe, expect, it } from 'vitest';
import { tellControllers } from '../../../src/agent/tell/controllers.ts';
import { servePokes } from '../../../src/controller/poke-port.ts';
import { httpPoker } from '../../../src/runtime/poke-http.ts';
import { systemClock } from '../../../src/runtime/system-clock.ts';
import { aFreePort } from '../../support/free-port.ts';
import { keepingLogger } from '../../support/log-lines.ts';
import { type ScriptedServer, startScriptedServer } from '../../support/scripted-server.ts';

const never = new AbortController().signal;
const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

/** The real port of a controller. */
async function aController(isLeading: () => boolean) {
  const port = await aFreePort();
  let pokes = 0;
  const onPoke = () => {
    pokes += 1;
  };
  const server = await servePokes({ host: '127.0.0.1', port, isLeading, onPoke, logger: keepingLogger().logger });
  if (server !== null) opened.push(server);
  return { address: `http://127.0.0.1:${port}`, pokes: () => pokes };
}

/** With the least chance every retry follows at once. */
async function tell(addresses: readonly string[], signal = never) {
  const { logger, lines } = keepingLogger();
  await tellControllers({ addresses, poker: httpPoker, clock: systemClock, rng: { next: () => 0 }, logger }, signal);
  return lines;
}

describe('an agent that was told where the controllers are', () => {
  it('pokes the leader, whichever it is', async () => {
    const [standby, leader] = [await aController(() => false), await aController(() => true)];
    const lines = await tell([standby.address, leader.address]);
    expect([standby.pokes(), leader.pokes()]).toEqual([0, 1]);
    expect(lines.map(({ level, message }) => [level, message])).toEqual([
      ['info', 'the leading controller is told to look'],
    ]);
  });

  it('finds it with a slash behind the address, too', async () => {
    const leader = await aController(() => true);
    await tell([`${leader.address}/`]);
    expect(leader.pokes()).toBe(1);
  });

  it('tries again while nobody leads', async () => {
    let asked = 0;
    const controller = await aController(() => {
      asked += 1;
      return asked > 2;
    });
    await tell([controller.address]);
    expect(controller.pokes()).toBe(1);
  });

  it('gives up soon, and says so once', async () => {
    const nobody = `http://127.0.0.1:${await aFreePort()}`;
    const standby = await aController(() => false);
    const said = (await tell([nobody, standby.address])).filter(({ level }) => level !== 'debug');
    expect(said).toEqual([
      {
        level: 'info',
        message: 'no controller has let itself be told to look; the leader finds it by itself',
        fields: { answers: { [nobody]: null, [standby.address]: 503 } },
      },
    ]);
  });

  it('waits for nobody who takes the connection and says nothing', async () => {
    const mute: ScriptedServer = await startScriptedServer(() => {});
    opened.push(mute);
    const leader = await aController(() => true);
    await tell([mute.url, leader.address]);
    expect(leader.pokes()).toBe(1);
  });

  it('says nothing and asks nobody without addresses, and breaks off at its end', async () => {
    expect(await tell([])).toEqual([]);
    const ended = new AbortController();
    ended.abort();
    const leader = await aController(() => true);
    expect((await tell([leader.address], ended.signal)).filter(({ level }) => level !== 'debug')).toEqual([]);
    expect(leader.pokes()).toBe(0);
  });
});
