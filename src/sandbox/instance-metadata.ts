// What an instance's metadata holds, by path. A path that is absent here is a 404, which for the Spot and rebalance items
// is the normal answer: "no notice".
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-categories.html
import type { Ec2Instance } from '../world/ec2/instance.ts';
import { instanceTypeOf } from '../world/ec2/instance-types.ts';
import type { MaintenanceRecord } from '../world/ec2/maintenance.ts';
import type { World } from '../world/world.ts';
import { privateDnsName } from './ec2/instance-description.ts';

type Items = Readonly<Record<string, string>>;

const VERSION = 'latest';

/** The text at a path such as `/latest/meta-data/instance-id`; a folder lists its items; null is nothing there. */
export function metadataAt(world: World, instanceId: string, path: string): string | null {
  const instance = world.ec2.instances.get(instanceId);
  if (instance === undefined) return null;
  const [version, ...rest] = path.split('/').filter((part) => part !== '');
  if (version === undefined) return VERSION;
  if (version !== VERSION) return null;
  const items = { ...metaData(world, instance), ...dynamicData(world, instance) };
  const wanted = rest.join('/');
  return (Object.hasOwn(items, wanted) ? items[wanted] : undefined) ?? listing(items, wanted);
}

function metaData(world: World, instance: Ec2Instance): Items {
  const { region } = world.settings;
  const items: Record<string, string> = {
    'ami-id': instance.imageId,
    'events/maintenance/history': maintenanceJson(instance, (state) => state !== 'active'),
    'events/maintenance/scheduled': maintenanceJson(instance, (state) => state === 'active'),
    hostname: privateDnsName(world, instance),
    // Not the Spot notice: this one asks for a reboot before bundling.
    'instance-action': 'none',
    'instance-id': instance.id,
    'instance-life-cycle': instance.spotInstanceRequestId === null ? 'on-demand' : 'spot',
    'instance-type': instance.instanceType,
    'local-hostname': privateDnsName(world, instance),
    'local-ipv4': instance.privateIp,
    'placement/availability-zone': instance.zone,
    'placement/region': region,
    'services/domain': 'amazonaws.com',
    'services/partition': 'aws',
  };
  if (instance.notice !== null) {
    const { action, deadlineAt } = instance.notice;
    const time = seconds(deadlineAt);
    items['spot/instance-action'] = JSON.stringify({ action, time });
    items['spot/termination-time'] = time;
  }
  if (instance.rebalanceRecommendedAt !== null) {
    const noticeTime = seconds(instance.rebalanceRecommendedAt);
    items['events/recommendations/rebalance'] = JSON.stringify({ noticeTime });
  }
  if (instance.targetState !== null) items['autoscaling/target-lifecycle-state'] = instance.targetState;
  return under('meta-data', items);
}

/** `[]` when there is nothing: AWS does not say so, but nobody has seen it be absent. */
function maintenanceJson(
  { maintenance }: Ec2Instance,
  isWanted: (state: MaintenanceRecord['state']) => boolean,
): string {
  const events = maintenance.filter(({ state }) => isWanted(state));
  if (events.length === 0) return '[]';
  return JSON.stringify(events.map(maintenanceEvent), null, 2);
}

const FINISHED_AS = { active: '', completed: '[Completed] ', canceled: '[Canceled] ' } as const;

function maintenanceEvent({ id, code, description, state, notBeforeAt, notAfterAt }: MaintenanceRecord): object {
  return {
    NotBefore: gmt(notBeforeAt),
    Code: code,
    Description: `${FINISHED_AS[state]}${description}`,
    EventId: id,
    NotAfter: notAfterAt === null ? '' : gmt(notAfterAt),
    State: state,
  };
}

function dynamicData(world: World, instance: Ec2Instance): Items {
  const document = {
    accountId: world.settings.accountId,
    architecture: instanceTypeOf(instance.instanceType).architecture,
    availabilityZone: instance.zone,
    billingProducts: null,
    devpayProductCodes: null,
    marketplaceProductCodes: null,
    imageId: instance.imageId,
    instanceId: instance.id,
    instanceType: instance.instanceType,
    kernelId: null,
    pendingTime: seconds(instance.launchedAt),
    privateIp: instance.privateIp,
    ramdiskId: null,
    region: world.settings.region,
    version: '2017-09-30',
  };
  return under('dynamic', { 'instance-identity/document': JSON.stringify(document, null, 2) });
}

function under(folder: string, items: Items): Items {
  return Object.fromEntries(Object.entries(items).map(([path, value]) => [`${folder}/${path}`, value]));
}

/** The names in a folder, one a line, sub-folders with a slash at their end; null for a folder that does not exist. */
function listing(items: Items, folder: string): string | null {
  const prefix = folder === '' ? '' : `${folder}/`;
  const names = Object.keys(items)
    .filter((path) => path.startsWith(prefix))
    .map((path) => path.slice(prefix.length).replace(/\/.*$/s, '/'));
  return names.length === 0 ? null : [...new Set(names)].sort().join('\n');
}

/** IMDS gives whole seconds. */
function seconds(at: number): string {
  return new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

/** The dates of maintenance are not ISO 8601: `1 Jan 2019 09:00:43 GMT`. */
function gmt(at: number): string {
  return new Date(at).toUTCString().replace(/^\w+, 0?/, '');
}
