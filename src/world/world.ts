// The pretend cloud: one account in one region. Its halves know each other only through instance life: EC2 (market,
// fleets, instances, notices) tells ECS when an instance has booted and when its power goes.
import type { Rng } from '../ports/rng.ts';
import { Agenda } from './agenda.ts';
import { Ec2 } from './ec2/ec2.ts';
import { Ecs } from './ecs/ecs.ts';
import { TargetGroups } from './elb/target-groups.ts';
import type { Ground } from './ground.ts';
import { History } from './history.ts';
import type { WorldSettings } from './settings.ts';

const AT_ONCE = {
  launchMs: [0, 0],
  bootMs: [0, 0],
  registerMs: [0, 0],
  taskStartMs: [0, 0],
} as const satisfies Partial<WorldSettings>;

export class World implements Ground {
  readonly agenda: Agenda;
  readonly rng: Rng;
  readonly history = new History();
  readonly ec2: Ec2;
  readonly ecs: Ecs;
  readonly targetGroups: TargetGroups;
  readonly #settings: WorldSettings;
  #pace: WorldSettings;

  constructor(options: { startAt: number; rng: Rng; settings: WorldSettings }) {
    this.agenda = new Agenda(options.startAt);
    this.rng = options.rng;
    this.#settings = options.settings;
    this.#pace = options.settings;
    this.ec2 = new Ec2(this);
    this.targetGroups = new TargetGroups(this);
    this.ecs = new Ecs(this, this.targetGroups);
    this.ec2.listen(this.ecs);
  }

  get settings(): WorldSettings {
    return this.#pace;
  }

  /**
   * Does it in a world where launches, boots, registrations and task starts take no time; everything that follows from it
   * at once has happened when this returns. Not for use inside a step of the agenda.
   */
  atOnce<Result>(act: () => Result): Result {
    this.#pace = { ...this.#settings, ...AT_ONCE };
    try {
      const result = act();
      this.agenda.advanceTo(this.agenda.now);
      return result;
    } finally {
      this.#pace = this.#settings;
    }
  }
}
