// Plays a scenario from its beginning to its end.
import type { PassResult } from '../../controller/pass.ts';
import { explain } from '../../ports/failure.ts';
import { type Violation, type Watch, watchOver } from '../invariants/watch.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { narrateWorld, saidInWords, serviceTeller } from './narrate.ts';
import { perform } from './perform.ts';
import type { LogLevel } from './said.ts';
import { type Audience, type Stage, setStage } from './stage.ts';
import type { Line } from './told.ts';

export interface Played {
  /** In order of time. */
  readonly lines: readonly Line[];
  readonly violations: readonly Violation[];
  readonly passes: number;
  /** What plans wanted and controllers did. */
  readonly actions: number;
  /** Calls of ours that changed something at AWS. */
  readonly writes: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** @throws whatever the pretend cloud throws: it is broken then, and nothing that was played counts */
export async function play(scenario: Scenario): Promise<Played> {
  return new Play(scenario).run();
}

class Play implements Audience {
  readonly #stage: Stage;
  readonly #watch: Watch;
  readonly #lines: Line[] = [];
  readonly #violations: Violation[] = [];
  #passes = 0;
  #actions = 0;
  #writes = 0;

  constructor(scenario: Scenario) {
    this.#stage = setStage(scenario, {
      onSaid: (...said) => this.onSaid(...said),
      onError: (...error) => this.onError(...error),
      onPass: (...pass) => this.onPass(...pass),
    });
    this.#watch = watchOver(this.#stage, (violation) => this.#violate(violation));
    narrateWorld(this.#stage, (...told) => this.#tell(...told));
    this.#stage.wire.listen(() => {
      this.#writes += 1;
    });
  }

  async run(): Promise<Played> {
    const { time, scenario } = this.#stage;
    const begin = time.now;
    for (const happening of scenario.happenings) {
      time.at(begin + happening.atMinutes * MINUTE_MS, () =>
        perform(this.#stage, happening, (...told) => this.#tell(...told)),
      );
    }
    const tellServices = serviceTeller(this.#stage, (...told) => this.#tell(...told));
    await time.playUntil(begin + scenario.hours * HOUR_MS, () => {
      tellServices();
      this.#watch.stepped();
    });
    const [lines, violations] = [this.#lines, this.#violations];
    return { lines, violations, passes: this.#passes, actions: this.#actions, writes: this.#writes };
  }

  onSaid(who: string, level: LogLevel, message: string, fields: Readonly<Record<string, unknown>>): void {
    if (message === 'done') {
      this.#actions += 1;
      this.#watch.acted(who, fields);
    }
    const what = saidInWords(level, message, fields);
    if (what !== null) this.#tell(who, what);
  }

  onPass(who: string, result: PassResult): void {
    this.#passes += 1;
    this.#watch.passed(who, result);
  }

  /** Whatever ends a process of ours by itself is a bug. */
  onError(who: string, error: unknown): void {
    const { elapsedMs: atMs } = this.#stage.time;
    this.#violate({ atMs, invariant: 'no process ends by an error of its own', what: `${who}: ${explain(error)}` });
  }

  #violate(violation: Violation): void {
    this.#violations.push(violation);
    this.#tell('!!', `${violation.invariant}: ${violation.what}`);
  }

  #tell(who: string, what: string): void {
    const { time, names } = this.#stage;
    this.#lines.push({ atMs: time.elapsedMs, who, what: names.in(what) });
  }
}
