// A wall clock for real processes that can be wrong, and stepped while they run, as an NTP client does. What is monotonic
// stays right.
import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/** Runs first in each process, and asks at each reading: so a step comes in the very moment, for all of them. */
const preload = (file: string) => `
import { readFileSync } from 'node:fs';
const RightDate = Date;
const offByMs = () => Number(readFileSync(new URL(${JSON.stringify(pathToFileURL(file).href)}), 'utf8'));
globalThis.Date = class Date extends RightDate {
  constructor(...given) {
    super(...(given.length === 0 ? [Date.now()] : given));
  }
  static now() {
    return RightDate.now() + offByMs();
  }
};`;

export class WallClock {
  readonly #file: string;

  /** @param file holds how much it is off: 0 at first */
  constructor(file: string) {
    this.#file = file;
    this.set(0);
  }

  /** For the processes that have this clock. */
  get environment(): Readonly<Record<string, string>> {
    return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(preload(this.#file))}` };
  }

  /** From now on it is off by so much, forward of what is right or, below 0, behind it. */
  set(offByMs: number): void {
    writeFileSync(this.#file, String(offByMs));
  }
}
