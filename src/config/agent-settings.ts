// Every key of the agent's file, with what it means and why its default is what it is.
import { MAINTENANCE_CODES } from '../ports/metadata.ts';
import {
  awsRegion,
  type Format,
  httpEndpoint,
  listUpTo,
  minutes,
  oneOf,
  orNothing,
  seconds,
  text,
  textThat,
  wholeNumber,
} from './format.ts';
import { LOG_SETTINGS } from './logging.ts';
import { webhooks } from './webhooks.ts';

const directory = text('an absolute path', /^\/[^\0\n]*$/);

/** As systemd gives them: separated by colons, and the first is the one meant. */
const systemdDirectory: Format<string> = { ...directory, fromText: (given) => given.split(':')[0] };

// Plain HTTP, as nothing is said that anybody may not hear.
const controllerAddress = textThat(
  'an address such as http://10.0.1.17:9481',
  (value) => /^http:\/\/[^/?#\s@]+\/?$/.test(value) && URL.canParse(value),
);

// What ECS allows in the names of services and families. A DAEMON service is one task on every instance: more than a few
// would leave no room for anything else.
const daemonNames = listUpTo(20, text('a name of letters, digits, - and _', /^[\w-]{1,255}$/));

export const AGENT_SETTINGS = {
  region: {
    doc: 'The AWS region. Left out, the agent asks the instance metadata service.',
    format: orNothing(awsRegion),
    default: null,
    env: ['SPOTKEEPER_REGION', 'AWS_REGION'],
    option: '--region',
  },
  metadataEndpoint: {
    doc: 'Where the instance metadata service answers. Left out, its IPv4 address, and where nobody answers there its IPv6 address. Only IMDSv2 is ever spoken.',
    format: orNothing(httpEndpoint),
    default: null,
    env: ['SPOTKEEPER_METADATA_ENDPOINT', 'AWS_EC2_METADATA_SERVICE_ENDPOINT'],
  },
  ecsAgentEndpoint: {
    doc: 'Where the ECS agent answers about itself. An address and not `localhost`: that name may mean IPv6, where the ECS agent does not listen.',
    format: httpEndpoint,
    default: 'http://127.0.0.1:51678',
    env: ['SPOTKEEPER_ECS_AGENT_ENDPOINT'],
  },
  'interruption.pollSeconds': {
    doc: 'How often the metadata service is asked for an interruption notice. A notice comes two minutes ahead and every second before draining is lost to the tasks; AWS recommends at most 5. All four periods together may take one hundredth of the packets that EC2 allows an instance for such services; where the metadata service keeps no connections open, all four become longer by the same factor (1.29 with the defaults).',
    // The budget allows no more than this even where nothing else is asked.
    format: seconds(0.4, 5),
    default: 1,
    env: ['SPOTKEEPER_INTERRUPTION_POLL_SECONDS', 'SPOTKEEPER_POLL_SECONDS'],
  },
  'rebalance.pollSeconds': {
    doc: 'How often it is asked for a rebalance recommendation. That is advice without a deadline; 5 is what AWS recommends.',
    format: seconds(1, 300),
    default: 5,
    env: ['SPOTKEEPER_REBALANCE_POLL_SECONDS'],
  },
  'rebalance.response': {
    doc: 'What follows a rebalance recommendation. `cordon` keeps new tasks off and disturbs none, since most recommendations are followed by no notice for a long time; `drain` moves the tasks at once.',
    format: oneOf(['ignore', 'cordon', 'drain']),
    default: 'cordon',
    env: ['SPOTKEEPER_REBALANCE_RESPONSE'],
  },
  'rebalance.liftAfterSeconds': {
    doc: 'A cordon that no notice followed is lifted after this long, or the instance would be paid for and never used again. Half an hour: what follows a recommendation mostly follows soon.',
    format: seconds(10, 86_400),
    default: 1_800,
    env: ['SPOTKEEPER_REBALANCE_LIFT_AFTER_SECONDS'],
  },
  'maintenance.pollSeconds': {
    doc: 'How often it is asked for scheduled maintenance. AWS announces that days ahead, so a minute is soon.',
    format: seconds(5, 3_600),
    default: 60,
    env: ['SPOTKEEPER_MAINTENANCE_POLL_SECONDS'],
  },
  'maintenance.response': {
    doc: 'What follows scheduled maintenance that would stop or reboot this instance.',
    format: oneOf(['ignore', 'drain']),
    default: 'drain',
    env: ['SPOTKEEPER_MAINTENANCE_RESPONSE'],
  },
  'maintenance.aheadMinutes': {
    doc: 'How long before an event may begin the drain does. 15 leave time for replacements to start and for long stop timeouts.',
    format: minutes(1, 1_440),
    default: 15,
    env: ['SPOTKEEPER_MAINTENANCE_AHEAD_MINUTES'],
  },
  'maintenance.ignoredCodes': {
    doc: 'Kinds of maintenance that nothing follows. None, because each of them ends or disturbs the tasks.',
    format: listUpTo(MAINTENANCE_CODES.length, oneOf(MAINTENANCE_CODES)),
    default: [],
    env: ['SPOTKEEPER_MAINTENANCE_IGNORED_CODES'],
  },
  'targetState.pollSeconds': {
    doc: 'How often it is asked what an Auto Scaling group wants of this instance. The group waits for its lifecycle hook, so 10 seconds are a small part of it.',
    format: seconds(1, 300),
    default: 10,
    env: ['SPOTKEEPER_TARGET_STATE_POLL_SECONDS'],
  },
  'targetState.response': {
    doc: 'What follows when the group is to terminate this instance, or to stop or hibernate it into its warm pool.',
    format: oneOf(['ignore', 'drain']),
    default: 'drain',
    env: ['SPOTKEEPER_TARGET_STATE_RESPONSE'],
  },
  'targetState.deadlineSeconds': {
    doc: 'How long the group is taken to wait, counted from when the agent sees what it wants: the heartbeat timeout of its lifecycle hook, less one poll. Nothing on the instance tells it; 120 is as long as an interruption notice gives.',
    format: seconds(30, 7_200),
    default: 120,
    env: ['SPOTKEEPER_TARGET_STATE_DEADLINE_SECONDS'],
  },
  'hostShutdown.response': {
    doc: 'What follows when systemd stops this host. It is told by the unit `spotkeeper-host-shutdown.service`, where that is enabled.',
    format: oneOf(['ignore', 'drain']),
    default: 'drain',
    env: ['SPOTKEEPER_HOST_SHUTDOWN_RESPONSE'],
  },
  stopMarginSeconds: {
    doc: 'How long before its last possible moment a task that ECS does not move is stopped, so that its own stop timeout still fits before the instance ends. Not less than 4: at that moment its tasks are listed once more and the stop is sent, and AWS may take two seconds for each.',
    format: seconds(4, 60),
    default: 5,
    env: ['SPOTKEEPER_STOP_MARGIN_SECONDS'],
  },
  standaloneTasks: {
    doc: 'What happens to tasks of no service, which draining never touches. `stop-in-time`: each is stopped so late that its own stop timeout just fits before the instance ends. `wait`: none is stopped, and the instance counts as drained when they have ended. `leave`: none is stopped, and nothing waits for them.',
    format: oneOf(['wait', 'stop-in-time', 'leave']),
    default: 'stop-in-time',
    env: ['SPOTKEEPER_STANDALONE_TASKS'],
  },
  'hooks.directory': {
    doc: 'Executables in it are run at `notice`, `before-stop`, `drained` and `uncordoned`. Need not exist.',
    format: directory,
    default: '/etc/spotkeeper/hooks',
    env: ['SPOTKEEPER_HOOKS_DIRECTORY'],
  },
  'hooks.limitSeconds': {
    doc: 'How long the executables may take at one moment, all together; then they are killed. 10 are a twelfth of what a notice gives.',
    format: seconds(0.1, 60),
    default: 10,
    env: ['SPOTKEEPER_HOOKS_LIMIT_SECONDS'],
  },
  webhooks: {
    doc: 'Addresses that are told: `url`, `template` (`slack`, or `json` for everything else), and if need be `moments` (all four without) and `headers`. Addresses and headers are secrets and never printed. In the environment as JSON.',
    format: webhooks,
    default: [],
    env: ['SPOTKEEPER_WEBHOOKS'],
  },
  'controller.addresses': {
    doc: 'Where controllers may be asked to look at once when a notice is written: `poke.host` and `poke.port` of each of them, or of a load balancer before them. Without any, the leader finds the notice some seconds later. In the environment separated by commas.',
    format: listUpTo(10, controllerAddress),
    default: [],
    env: ['SPOTKEEPER_CONTROLLER_ADDRESSES'],
  },
  'notice.host': {
    doc: 'The address on which tasks may read the notice. Loopback is reached by tasks in host mode only; those in bridge mode reach the address of the bridge, as a rule 172.17.0.1.',
    format: text('an address or host name', /^[\w.:-]+$/),
    default: '127.0.0.1',
    env: ['SPOTKEEPER_NOTICE_HOST'],
  },
  'notice.port': {
    doc: 'The port for that; 0 turns it off. Beside the ports of the ECS agent, 51678 to 51680.',
    format: wholeNumber(0, 65_535),
    default: 51_690,
    env: ['SPOTKEEPER_NOTICE_PORT'],
  },
  runtimeDirectory: {
    doc: 'Where the file of the notice is written for tasks, and where the stop of the host is told. Left out, what systemd gives; without either there is no file and no such signal.',
    format: orNothing(systemdDirectory),
    default: null,
    env: ['SPOTKEEPER_RUNTIME_DIRECTORY', 'RUNTIME_DIRECTORY'],
  },
  stateDirectory: {
    doc: 'Where the agent keeps what it did to its container instance, to be taken back after a restart. Left out, what systemd gives; without either it is forgotten at a restart.',
    format: orNothing(systemdDirectory),
    default: null,
    env: ['SPOTKEEPER_STATE_DIRECTORY', 'STATE_DIRECTORY'],
  },
  'requiredDaemons.services': {
    doc: 'DAEMON services that must have a running task here before this instance is ready.',
    format: daemonNames,
    default: [],
    env: ['SPOTKEEPER_REQUIRED_DAEMONS_SERVICES'],
  },
  'requiredDaemons.families': {
    doc: 'Families of task definitions of which the agent itself starts a task here, and starts it again when it ends, before this instance is ready.',
    format: daemonNames,
    default: [],
    env: ['SPOTKEEPER_REQUIRED_DAEMONS_FAMILIES'],
  },
  blindAfterSeconds: {
    doc: 'An agent that has not been able to ask for a notice for this long is unhealthy and says so as an error. 60: half of what a notice gives, and longer than metadata services stutter.',
    format: seconds(10, 3_600),
    default: 60,
    env: ['SPOTKEEPER_BLIND_AFTER_SECONDS'],
  },
  ...LOG_SETTINGS,
} as const;
