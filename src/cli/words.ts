// Every closed set of the report in plain words. A sentence says the fact and, where it helps, what ends it. The README
// shows the same words, held by a test.
import type { RetirementReason } from '../model/attributes.ts';
import type { Part, SetAsideReason } from '../model/snapshot.ts';
import type { ConflictKind } from '../plan/conflicts/conflict.ts';
import type { FreezeReason } from '../plan/freeze.ts';
import type { CallBackReason } from '../plan/plan.ts';
import type { Obstacle, ScenarioName, Standing, TargetReason } from '../plan/report.ts';
import type { HoldReason } from '../plan/restraint.ts';
import type { ScaleInReason, Unremovable } from '../plan/retire/reasons.ts';

/** Why the target capacity moves or stays. */
export const TARGET_WORDS = {
  keep: 'the target is right',
  'pending-tasks': 'tasks that ECS wants running have no place',
  'promised-room': 'the promised room for the largest tasks is not there',
  'expected-arrivals': 'there is no room for what may arrive until a new instance takes tasks',
  'deployment-surge': 'there is no room for what deployments may start beside what runs',
  'scheduled-floor': 'the floor that is scheduled for these hours is not there',
  'pool-loss': 'after the loss of one pool, tasks would find no place',
  'zone-loss': 'after the loss of one zone, tasks would find no place',
  replacement: 'an instance is to be replaced, and its replacement comes first',
  'probe-launch': 'what is launched never joins the cluster; one more is tried',
  'launches-stopped': 'what is launched never joins the cluster, and is not launched again for now',
  'follow-leaving': 'an instance on its way out is replaced already, or need not be',
  'withdraw-ask': 'units were asked for that nobody needs any more',
  retirement: 'somebody leaves who is not needed or is replaced; the target comes down first',
  'below-minimum': 'the target is below the minimum of the fleet file',
  'above-maximum': 'the target is above the maximum of the fleet file',
  'on-demand-fallback': 'the Spot capacity that was asked for has not come, and On-Demand capacity stands in for it',
  'on-demand-base': 'the fleet file asks for more On-Demand capacity than the fleet has',
  'on-demand-follows': 'there is less On-Demand capacity, or less is needed, and its part of the target follows',
  'fleet-modifying': 'the fleet is still taking in an earlier change; the next pass asks again',
  blind: 'something could not be seen, or was seen too long ago, and on partial knowledge the fleet never shrinks',
  frozen: 'the target would come down, and nothing shrinks while the fleet is frozen',
  'tasks-moving': 'a noticed instance still has tasks; the target follows when they have moved',
  'fleet-ended': 'the fleet request is cancelled or has failed: put the id of a running one into the fleet file',
  'at-maximum': 'more is needed, and the fleet file allows no more',
  'launches-fail':
    'more is needed, and what is launched never joins the cluster: one is tried now and then, until one joins',
  'wrong-types':
    'more is needed, and what the fleet launched for it does not help: it is of types on which nothing of it fits, or in the pool whose loss is looked at',
} as const satisfies Record<TargetReason, string>;

/** Why an instance leaves, or why none does. */
export const SCALE_IN_WORDS = {
  retire: 'an instance was chosen to leave',
  replace: 'an instance is to be replaced; it stays until its replacement takes tasks',
  'above-maximum': 'the fleet has more than the maximum of its file, and an instance leaves whatever is short',
  blind: 'something could not be seen, or was seen too long ago, and on partial knowledge the fleet never shrinks',
  frozen: 'nothing shrinks while the fleet is frozen',
  shortage: 'room is short',
  'fleet-modifying': 'the fleet is still taking in an earlier change',
  'fleet-ended': 'the fleet request is cancelled or has failed',
  'at-minimum': 'the fleet is at the minimum of its file',
  'over-budget': 'as many instances are on their way out as the budgets allow',
  storm: 'a pool is being taken back: nobody leaves by our decision until that is over',
  'quiet-hours': 'nobody is chosen to leave in these hours',
  'no-surplus': 'the room of every instance is needed',
  'surplus-too-young': 'there is a surplus, and it has not lasted long enough yet',
  'no-candidate': 'there is a surplus, and no instance may leave',
} as const satisfies Record<ScaleInReason, string>;

/** Why one instance may not leave. */
export const UNREMOVABLE_WORDS = {
  'not-serving': 'does not serve',
  'not-its-turn': 'is to be replaced when nothing is short and nobody else waits for a replacement',
  'at-maximum': 'is to be replaced, and the maximum of the fleet file leaves no room for its replacement',
  'not-in-fleet': 'is to be replaced, and is not an instance of the fleet',
  'would-break-minimum': 'weighs more than what is above the minimum of the fleet file',
  'room-needed': 'its room is needed for its own tasks or for the promise',
  'came-in-vain':
    'was launched for what is short and is of no use for it; without it the same would be asked for again',
  'too-young': 'was launched only lately',
  'over-budget': 'the budget of its zone is used up',
  'given-up': 'its drain took too long a while ago and was given up',
  'too-disruptive': 'runs more tasks, which would have to move, than what it costs is worth',
  'consolidated-lately': 'is only just not needed, and another was consolidated a while ago',
  'tasks-unknown': 'what runs on it was not looked at',
  'standalone-task': 'runs a standalone task, which ECS would not start again elsewhere',
  'protected-task': 'runs a task that is protected from scale-in',
  'protection-unknown': 'whether its tasks are protected from scale-in was not looked at',
  'service-cannot-drain': 'runs a task of a service that lets no task stop or start, so its drain would never end',
  'deployment-in-progress': 'runs a task of a service that is being deployed',
} as const satisfies Record<Unremovable, string>;

/** Where an instance stands. */
export const STANDING_WORDS = {
  launching: 'launched, not yet known to ECS',
  joining: 'known to ECS, not yet able to take tasks',
  serving: 'takes tasks',
  'at-risk': 'an interruption has become likely, or AWS is about to work on it; nothing is built on its room',
  'in-storm': 'its pool is being taken back; its tasks count as having to move',
  noticed: 'is told to leave: interrupted, ended or shut down',
  retiring: 'leaves by our own decision',
  draining: 'drains by the decision of somebody else',
  disconnected: 'its ECS agent is not connected',
  cordoned: 'is to take no further task, by the decision of somebody else',
  'not-ready': 'in the cluster for long, and not ready: its agent says so, or says nothing where services ask for it',
  orphan: 'launched long ago and never joined the cluster, or lost to it for long with nothing on it',
  gone: 'ending or ended',
} as const satisfies Record<Standing, string>;

/** What keeps one more task of a shape from an instance. */
export const OBSTACLE_WORDS = {
  cpu: 'too little cpu is left',
  memory: 'too little memory is left',
  gpu: 'too few GPUs are left',
  eni: 'no network interface is left for a task with its own (awsvpc)',
  port: 'a host port of the task is taken',
  'distinct-instance': 'a task of its group stands there already (distinctInstance)',
  architecture: 'the task needs another CPU architecture',
  'operating-system': 'the task needs another operating system',
  attribute: 'an attribute that the task requires is missing',
  'member-of': 'a placement constraint of the task does not hold (memberOf)',
} as const satisfies Record<Obstacle, string>;

/** What must find room at once; short enough for a column. */
export const SCENARIO_WORDS = {
  now: 'what ECS wants running',
  promise: 'what ECS wants running and the promised room',
  arrivals: 'what may arrive until a new instance takes tasks',
  deployment: 'what deployments may start beside what runs',
  floor: 'the floor that is scheduled for these hours',
  'pool-loss': 'the loss of one pool',
  'zone-loss': 'the loss of one zone',
} as const satisfies Record<ScenarioName, string>;

/** Why something that was seen takes part in no decision. */
export const SET_ASIDE_WORDS = {
  'malformed-expression': 'a placement constraint cannot be read',
  'definition-unreadable': 'its task definition cannot be described',
  'unknown-instance-type': 'its instance type is not known',
  'resources-missing': 'ECS does not say what it has left',
  'resources-negative': 'ECS says that less than nothing is left',
  'attribute-missing': 'an attribute that every instance has is missing',
  'launch-unreadable': 'what it launches now cannot be read, so nobody can be told to be behind it',
  'malformed-intent': 'the announcement of standalone tasks cannot be read',
  'unknown-tag': 'a tag of the cluster that begins like ours, and that nobody knows',
} as const satisfies Record<SetAsideReason, string>;

/** Why an instance is retired. */
export const RETIREMENT_WORDS = {
  operator: 'an operator wants it replaced',
  orphan: 'it never joined the cluster, or was lost to it',
  rebalance: 'AWS says that an interruption is likely, and two minutes are too few for what runs there',
  drift: 'its image or launch template is behind the fleet',
  'on-demand-return': 'there is Spot capacity again',
  excess: 'its room is not needed',
  consolidation: 'what runs there fits elsewhere',
} as const satisfies Record<RetirementReason, string>;

/** Why an instance that was to leave stays. */
export const CALL_BACK_WORDS = {
  'need-returned': 'its room is needed after all',
  'spot-not-come': 'it was to be replaced by Spot, and the Spot has not come',
  'drain-given-up': 'its drain took too long',
  'wish-withdrawn': 'the operator no longer wants it replaced',
} as const satisfies Record<CallBackReason, string>;

/** What a part of an observation is called. */
export const PART_WORDS = {
  fleet: 'the fleet',
  instances: 'the EC2 instances',
  'instance-types': 'the instance types',
  'container-instances': 'the container instances',
  services: 'the services',
  definitions: 'the task definitions',
  tasks: 'the tasks',
  protection: 'which tasks are protected from scale-in',
  intents: 'what operators said by tags on the cluster',
  age: 'the age of what is known',
} as const satisfies Record<Part, string>;

/** What holds an action back, and what ends that. */
export const HOLD_WORDS = {
  stopped: 'the kill switch is on; it ends when the tag `spotkeeper.stop` of the cluster is removed',
  'orders-unknown': 'the tags of the cluster have never been read, so nobody knows whether the kill switch is on',
  'pause-unreadable':
    'there is a pause whose end cannot be read; it ends when the tag `spotkeeper.pause` is mended or removed',
  paused: 'a pause, which ends by itself or by `spotkeeper resume`',
  observe: '`mode` is `observe`: nothing is done',
  recommend: '`mode` is `recommend`: nothing is done, and the log says what would be',
  'scale-out-only': '`mode` is `scale-out-only`: nothing that shrinks is done',
  'shrinking-paused': 'a pause of what shrinks, which ends by itself or by `spotkeeper resume`',
  frozen: 'a freeze: nothing that shrinks is done',
} as const satisfies Record<HoldReason, string>;

/** Why nothing shrinks, and what ends that. */
export const FREEZE_WORDS = {
  'partial-view': 'a part of the cluster could not be seen; it ends when everything is seen again',
  'stale-view': 'what was seen is more than a minute old; it ends with the next fresh look',
  'many-lost':
    'more than `safety.unknownShare` of the instances went out of sight at once: not listed, or their ECS agents not connected; it ends when enough are back, or when nobody has been lost for `disconnectGraceSeconds`',
  'acts-failing':
    'what the controller did failed in three passes in a row; it ends with the next success, and is tried again every five minutes',
  'target-fought':
    'somebody else set the target back three times within 30 minutes after the controller had set it; it ends when half an hour has passed without the third',
} as const satisfies Record<FreezeReason, string>;

/** Who else acts on what is ours. */
export const CONFLICT_WORDS = {
  'target-moved': 'somebody else moves the target capacity of the fleet',
  'fleet-may-terminate': 'the fleet may choose victims itself when its target comes down',
  'capacity-rebalancing': 'the fleet answers rebalance recommendations itself',
  'capacity-provider': 'instances of the cluster belong to a capacity provider of ECS',
  'foreign-drain': 'instances drain by the decision of somebody whom nobody here knows',
  'second-drainer': 'something else on the hosts answers interruption notices, too',
} as const satisfies Record<ConflictKind, string>;

/** What there is to do about it. */
export const CONFLICT_ADVICE = {
  'target-moved':
    'find who does: CloudTrail names the caller of each ModifySpotFleetRequest; in Terraform put `target_capacity` into `lifecycle.ignore_changes`, deregister the fleet from Application Auto Scaling (`aws application-autoscaling deregister-scalable-target`), and people change `targetCapacity` of the fleet file instead',
  'fleet-may-terminate':
    'forbid it again; the next change of the target by the controller does so, too: `aws ec2 modify-spot-fleet-request --spot-fleet-request-id ID --target-capacity UNITS --excess-capacity-termination-policy noTermination`',
  'capacity-rebalancing':
    'it cannot be switched off in a fleet that exists: make a new Spot Fleet request without `SpotMaintenanceStrategies` and put its id into the fleet file; the controller replaces who is at risk itself',
  'capacity-provider':
    'keep one manager for each instance: take the provider out of the cluster (`aws ecs put-cluster-capacity-providers`), or switch off its managed scaling and managed draining, or move its instances to a cluster of their own',
  'foreign-drain':
    'find who does: CloudTrail names the caller of each UpdateContainerInstancesState; then `aws ecs update-container-instances-state --status ACTIVE` takes them back into service, and `spotkeeper drain INSTANCE` makes the drain yours',
  'second-drainer':
    'remove it from the image, or the task from the hosts: the agent answers the notice, and the other may end the instance before its tasks have stopped',
} as const satisfies Record<ConflictKind, string>;
