// Least privilege, proven: with the policies of deploy/iam/ everything that our processes do is allowed, and with any one
// line less something is refused, in words that name the line and what it is for.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PLACEHOLDERS, type Places, type PolicyDocument, policyDocument } from '../../src/model/iam/document.ts';
import { PERMISSIONS, type PolicyName, permissionOf } from '../../src/model/iam/permission.ts';
import { explain } from '../../src/ports/failure.ts';
import { without } from '../support/policies.ts';
import { type SmallCloud, startSmallCloud } from '../support/small-cloud.ts';
import { until } from '../support/until.ts';
import { awsAs, EXERCISES, type Things } from './exercises.ts';

const NAMES = Object.keys(PERMISSIONS) as PolicyName[]; // the keys of a table that is typed by them

const textOf = (name: PolicyName) => readFileSync(`deploy/iam/${name}.json`, 'utf8');

describe.each(NAMES)('deploy/iam/%s.json', (name) => {
  it('says what the list of permissions says', async () => {
    const document = `${JSON.stringify(policyDocument(name, PLACEHOLDERS), null, 2)}\n`;
    await expect(document).toMatchFileSnapshot(`../../deploy/iam/${name}.json`);
  });

  it('fits into one managed policy', () => {
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: 6,144 characters, white space apart
    expect(textOf(name).replaceAll(/\s/g, '').length).toBeLessThan(6_144);
  });

  it('has no line that nothing is done with', () => {
    const lines = (JSON.parse(textOf(name)) as PolicyDocument).Statement.flatMap(({ Action }) => Action);
    const exercised = new Set(EXERCISES[name].map(([, action]) => action));
    expect([...lines].sort()).toEqual([...exercised].sort());
  });
});

describe.each(NAMES)('with the whole policy, the %s', (name) => {
  const stage = aStage(name);

  it.each(EXERCISES[name])('%s (%s)', async (_feature, _action, run) => {
    const things = stage.enter(stage.policy());
    await run(awsAs(name, things), things);
  });
});

describe.each(NAMES)('without one line of its policy, the %s', (name) => {
  const stage = aStage(name);

  it.each(EXERCISES[name])('is told what it lacks when it %s (%s)', async (_feature, action, run) => {
    const things = stage.enter(without(stage.policy(), action));
    const told = await run(awsAs(name, things), things).then(() => 'it was allowed', explain);
    expect(told).toContain(`"${action}" is missing in the policy of this role, as in ${name}.json`);
    expect(told).toContain(permissionOf(name, action)?.why.replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1'));
    expect(told).toContain(`is not authorized to perform: ${action}`);
  });
});

/** A cloud of its own for the tests of one `describe`, in which nothing is done to anything but by them. */
function aStage(name: PolicyName) {
  let cloud: SmallCloud;
  let things: Things;
  beforeAll(async () => {
    cloud = await startSmallCloud();
    things = await furnish(cloud);
    if (name === 'operator') await cloud.sandbox.createLeaseTable(things.leaseTable);
  });
  afterAll(() => cloud.close());
  return {
    policy: () => policyFile(name, placesOf(cloud, things)),
    /** From now on this process's calls are those of a role with this policy. */
    enter(policy: PolicyDocument): Things {
      Object.assign(process.env, cloud.sandbox.environmentFor(name, { name: `spotkeeper-${name}`, policy }));
      return things;
    },
  };
}

/** The file as an operator uses it: with his own names in the place of ours. */
function policyFile(name: PolicyName, places: Places): PolicyDocument {
  const keys = Object.keys(PLACEHOLDERS) as (keyof Places)[]; // the keys of a constant of that type
  return JSON.parse(keys.reduce((text, key) => text.replaceAll(PLACEHOLDERS[key], places[key]), textOf(name)));
}

function placesOf({ sandbox }: SmallCloud, { cluster, fleetId, leaseTable }: Things): Places {
  const { region, accountId: account } = sandbox.world.settings;
  return { region, account, cluster, fleetId, leaseTable };
}

async function furnish(cloud: SmallCloud): Promise<Things> {
  const { world, driver } = cloud.sandbox;
  const { arn: definition } = cloud.addService('web', { cpuUnits: 64, memoryMiB: 64, desiredCount: 1 });
  const running = () => [...cloud.cluster.tasks.values()].find(({ lastStatus }) => lastStatus === 'RUNNING');
  await until('a task to run', () => driver.inPresent(running) !== undefined);
  const targetGroup = driver.inPresent(() => world.targetGroups.put({ name: 'web' }));
  const [containerInstance] = cloud.cluster.containerInstances.values();
  const [instance] = world.ec2.instances.values();
  return {
    cluster: cloud.cluster.name,
    fleetId: cloud.fleetId,
    template: cloud.sandbox.world.ec2.findFleet(cloud.fleetId).template.id,
    leaseTable: 'leases',
    containerInstance: containerInstance?.arn ?? '',
    instance: instance?.id ?? '',
    task: running()?.arn ?? '',
    service: 'web',
    definition,
    family: 'web',
    targetGroup: targetGroup.arn,
  };
}
