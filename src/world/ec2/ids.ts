// Ids shaped like those of AWS, drawn from the world's randomness so that the same seed gives the same ids.
import type { Rng } from '../../ports/rng.ts';

const HEX = '0123456789abcdef';
const BASE_36 = '0123456789abcdefghijklmnopqrstuvwxyz';

/** `i-0` and sixteen hex digits. */
export const newInstanceId = (rng: Rng): string => `i-0${draw(rng, HEX, 16)}`;

/** `subnet-0` and sixteen hex digits. */
export const newSubnetId = (rng: Rng): string => `subnet-0${draw(rng, HEX, 16)}`;

/** `sir-` and eight letters or digits: the Spot request behind one fleet instance. */
export const newSpotInstanceRequestId = (rng: Rng): string => `sir-${draw(rng, BASE_36, 8)}`;

/** `instance-event-0` and sixteen hex digits. */
export const newMaintenanceEventId = (rng: Rng): string => `instance-event-0${draw(rng, HEX, 16)}`;

/** `sfr-` and a UUID. */
export const newFleetId = (rng: Rng): string =>
  `sfr-${[8, 4, 4, 4, 12].map((length) => draw(rng, HEX, length)).join('-')}`;

function draw(rng: Rng, alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet.charAt(Math.floor(rng.next() * alphabet.length))).join('');
}
