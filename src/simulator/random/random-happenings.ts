// What happens in a random world: loads, storms, droughts, trouble with APIs, controllers that crash or stand still, clocks
// that are set, and people who interfere.
import { APIS, HOWS } from '../calls/trouble.ts';
import type { Happening, PoolName } from '../scenario/happening.ts';
import type { PoolScript, ServiceScript } from '../scenario/scenario.ts';
import type { Dice } from './dice.ts';

export interface Circumstances {
  readonly hours: number;
  readonly pools: readonly PoolScript[];
  readonly services: readonly ServiceScript[];
}

/** In the order of time. Of a day as many as are given below; of less, less. */
export function randomHappenings(dice: Dice, circumstances: Circumstances): Happening[] {
  const days = circumstances.hours / 24;
  const happenings = [
    loads(dice, circumstances, days),
    storms(dice, circumstances, days),
    outages(dice, circumstances, days),
    controllersFail(dice, circumstances, days),
    peopleInterfere(dice, circumstances, days),
  ];
  return happenings.flat().sort((a, b) => a.atMinutes - b.atMinutes);
}

/** Not in the first minutes: a play begins with a world that stands. */
function sometime(dice: Dice, { hours }: Circumstances): number {
  return dice.whole(5, Math.max(5, hours * 60 - 1));
}

function most(count: number, days: number): number {
  return Math.ceil(count * days);
}

function loads(dice: Dice, circumstances: Circumstances, days: number): Happening[] {
  const services = circumstances.services.filter(({ isDaemon }) => isDaemon !== true);
  return services.flatMap(({ name: service, desiredCount }) => [
    ...dice.some(0, most(16, days), (): Happening => {
      const wanted = Math.round(desiredCount * dice.among([0, 0.3, 0.6, 1, 1, 1.5, 2, 3]));
      return { atMinutes: sometime(dice, circumstances), kind: 'load', service, desiredCount: wanted };
    }),
    ...dice.some(0, most(2, days), (): Happening => {
      return { atMinutes: sometime(dice, circumstances), kind: 'deployment', service };
    }),
    ...dice.some(0, most(1, days), (): Happening => {
      const atMinutes = sometime(dice, circumstances);
      return { atMinutes, kind: 'standalone', service, count: dice.whole(1, 4), runMinutes: dice.whole(1, 120) };
    }),
  ]);
}

function storms(dice: Dice, circumstances: Circumstances, days: number): Happening[] {
  const pool = (): PoolName => dice.among(circumstances.pools);
  const storm = (): Happening[] => {
    const atMinutes = sometime(dice, circumstances);
    const hit = pool();
    const follows = dice.happens(0.5)
      ? [{ atMinutes, kind: 'drought', pool: hit, forMinutes: dice.whole(5, 240) }]
      : [];
    const warned = dice.happens(0.4)
      ? [{ atMinutes: Math.max(1, atMinutes - dice.whole(1, 20)), kind: 'rebalance', pool: hit, count: 3 }]
      : [];
    return [...warned, ...follows, { atMinutes, kind: 'interruption', pool: hit }] as Happening[];
  };
  const single = (): Happening => {
    return { atMinutes: sometime(dice, circumstances), kind: 'interruption', pool: pool(), count: dice.whole(1, 3) };
  };
  const drought = (): Happening => {
    return { atMinutes: sometime(dice, circumstances), kind: 'drought', pool: pool(), forMinutes: dice.whole(5, 600) };
  };
  return [
    ...dice.some(0, most(3, days), storm).flat(),
    ...dice.some(0, most(12, days), single),
    ...dice.some(0, most(3, days), drought),
  ];
}

function outages(dice: Dice, circumstances: Circumstances, days: number): Happening[] {
  return dice.some(0, most(6, days), () => {
    const apis = dice.happens(0.3) ? APIS : [dice.among(APIS)];
    const trouble = { apis, how: dice.among(HOWS), share: dice.among([0.1, 0.3, 0.7, 1]) };
    return { atMinutes: sometime(dice, circumstances), kind: 'trouble', trouble, forMinutes: dice.whole(1, 15) };
  });
}

function controllersFail(dice: Dice, circumstances: Circumstances, days: number): Happening[] {
  const one = () => ({ atMinutes: sometime(dice, circumstances), controller: dice.whole(0, 2) });
  return [
    ...dice.some(0, most(6, days), (): Happening => ({ ...one(), kind: 'crash' })),
    ...dice.some(0, most(4, days), (): Happening => ({ ...one(), kind: 'pause', forSeconds: dice.whole(1, 180) })),
    ...dice.some(0, most(3, days), (): Happening => ({ ...one(), kind: 'restart' })),
    ...dice.some(0, most(3, days), (): Happening => {
      return { ...one(), kind: 'controller-clock', bySeconds: dice.whole(-120, 120) };
    }),
  ];
}

function peopleInterfere(dice: Dice, circumstances: Circumstances, days: number): Happening[] {
  const one = () => ({ atMinutes: sometime(dice, circumstances), instance: dice.whole(0, 99) });
  const units = circumstances.pools.reduce((sum, { count, weightUnits }) => sum + count * weightUnits, 0);
  return [
    ...dice.some(0, most(3, days), (): Happening => {
      return { atMinutes: sometime(dice, circumstances), kind: 'operator-target', units: dice.whole(0, units * 2) };
    }),
    ...dice.some(0, most(2, days), (): Happening => ({ ...one(), kind: 'operator-terminate' })),
    ...dice.some(
      0,
      most(2, days),
      (): Happening => ({ ...one(), kind: 'operator-drain', forMinutes: dice.whole(1, 60) }),
    ),
    ...dice.some(0, most(3, days), (): Happening => ({ ...one(), kind: 'disconnect', forMinutes: dice.whole(1, 30) })),
    ...dice.some(
      0,
      most(2, days),
      (): Happening => ({ ...one(), kind: 'host-clock', bySeconds: dice.whole(-3_600, 3_600) }),
    ),
  ];
}
