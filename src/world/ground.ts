// What both halves of the world stand on. A file of its own, so that neither half has to know the whole.
import type { Rng } from '../ports/rng.ts';
import type { Agenda } from './agenda.ts';
import type { History } from './history.ts';
import type { WorldSettings } from './settings.ts';

export interface Ground {
  readonly agenda: Agenda;
  readonly rng: Rng;
  readonly settings: WorldSettings;
  readonly history: History;
}
