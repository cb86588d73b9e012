import { describe, expect, it } from 'vitest';
import type { Clock } from '../../src/ports/clock.ts';
import { RealTimeDriver } from '../../src/sandbox/driver.ts';
import { Agenda } from '../../src/world/agenda.ts';

const WORLD_START = 1_000_000;

/** A clock that stands still until it is moved; moving it ends the sleeps that are due. */
function aClock() {
  let nowMs = 500;
  const sleepers = new Set<() => void>();
  const clock: Clock = {
    now: () => nowMs,
    monotonicMs: () => nowMs,
    sleep: (durationMs, signal) =>
      new Promise((resolve) => {
        const until = nowMs + durationMs;
        const look = () => {
          if (nowMs < until && signal?.aborted !== true) return;
          sleepers.delete(look);
          resolve();
        };
        sleepers.add(look);
        signal?.addEventListener('abort', look);
        look();
      }),
  };
  const move = async (byMs: number) => {
    nowMs += byMs;
    for (const look of sleepers) look();
    // Lets the driver, which was waiting, do its step.
    for (let turns = 0; turns < 5; turns += 1) await Promise.resolve();
  };
  return { clock, move };
}

function aDriver() {
  const { clock, move } = aClock();
  const agenda = new Agenda(WORLD_START);
  const driver = new RealTimeDriver(agenda, clock);
  return { agenda, driver, move };
}

describe('the driver', () => {
  it('lets world time pass with the clock, from where the world began', async () => {
    const { driver, move } = aDriver();
    await move(250);
    expect(driver.now).toBe(WORLD_START + 250);
  });

  it('brings the world to the present before anybody looks', async () => {
    const { agenda, driver, move } = aDriver();
    let isDone = false;
    agenda.after(100, () => {
      isDone = true;
    });
    await move(150);
    expect(driver.inPresent(() => isDone)).toBe(true);
  });

  it('runs a step when it is due, though nobody looks', async () => {
    const { agenda, driver, move } = aDriver();
    const ran: number[] = [];
    agenda.after(100, () => ran.push(agenda.now));
    driver.start();
    await move(99);
    expect(ran).toEqual([]);
    await move(1);
    expect(ran).toEqual([WORLD_START + 100]);
    driver.stop();
    await driver.finished;
  });

  it('does not sleep through a step that was planned while it slept', async () => {
    const { agenda, driver, move } = aDriver();
    driver.start();
    const ran: number[] = [];
    driver.inPresent(() => agenda.after(10, () => ran.push(agenda.now)));
    await move(0);
    await move(10);
    expect(ran).toEqual([WORLD_START + 10]);
    driver.stop();
    await driver.finished;
  });

  it('tells everybody when a step of the world breaks', async () => {
    const { agenda, driver, move } = aDriver();
    driver.start();
    driver.inPresent(() =>
      agenda.after(10, () => {
        throw new Error('the world is broken');
      }),
    );
    await move(0);
    await move(10);
    await expect(driver.finished).rejects.toThrow('the world is broken');
    expect(() => driver.inPresent(() => 1)).toThrow('the world is broken');
  });

  it('leaves an error of who looks to who looks', () => {
    const { driver } = aDriver();
    const look = () =>
      driver.inPresent(() => {
        throw new Error('mine');
      });
    expect(look).toThrow('mine');
    expect(driver.inPresent(() => 'fine')).toBe('fine');
  });
});
