// The pretend cloud: one account in one region. Its halves know each other only through instance life: EC2 (market,
// fleets, instances, notices) tells ECS when an instance has booted and when its power goes.
import type { Rng } from '../ports/rng.ts';
import { Agenda } from './agenda.ts';
import { Ec2 } from './ec2/ec2.ts';
import { Ecs } from './ecs/ecs.ts';
import type { Ground } from './ground.ts';
import { History } from './history.ts';
import type { WorldSettings } from './settings.ts';

export class World implements Ground {
  readonly agenda: Agenda;
  readonly rng: Rng;
  readonly settings: WorldSettings;
  readonly history = new History();
  readonly ec2: Ec2;
  readonly ecs: Ecs;

  constructor(options: { startAt: number; rng: Rng; settings: WorldSettings }) {
    this.agenda = new Agenda(options.startAt);
    this.rng = options.rng;
    this.settings = options.settings;
    this.ec2 = new Ec2(this);
    this.ecs = new Ecs(this);
    this.ec2.listen(this.ecs);
  }
}
