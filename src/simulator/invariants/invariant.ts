// What must hold whatever happens, each in a file of its own: it watches a play from the outside, by what the world and the
// wire saw, and never asks the product what it thinks of itself where it need not.
import type { PassResult } from '../../controller/pass.ts';
import type { Stage } from '../play/stage.ts';
import type { Weather } from './weather.ts';

export interface Watched {
  readonly stage: Stage;
  readonly weather: Weather;
  /** Calls the listener with every pass that a controller has made. */
  onPass(listener: (who: string, result: PassResult) => void): void;
  /** Calls the listener with every action that a controller says it has done, as it logs it. */
  onAction(listener: (who: string, action: Readonly<Record<string, unknown>>) => void): void;
  /** Calls it after each instant at which something happened. */
  afterStep(look: () => void): void;
}

export interface Invariant {
  /** What holds, in words. */
  readonly name: string;
  /** Begins to watch. @param broken called with what breaks it, each time anew */
  watch(watched: Watched, broken: (what: string) => void): void;
}
