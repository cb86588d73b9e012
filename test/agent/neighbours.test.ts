import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type NeighbourFacts, neighboursOf, readNeighbourFacts, tellNeighbours } from '../../src/agent/neighbours.ts';
import { keepingLogger } from '../support/log-lines.ts';

const found = (facts: Partial<NeighbourFacts>) =>
  neighboursOf({ ecsConfig: null, units: [], images: [], ...facts }).map((neighbour) => [
    neighbour.kind,
    neighbour.found,
  ]);

describe('the neighbours on a host', () => {
  it('include the ECS agent when it drains by itself, which is harmless', () => {
    const ecsConfig = 'ECS_CLUSTER=production\nECS_ENABLE_SPOT_INSTANCE_DRAINING=true\n';
    expect(neighboursOf({ ecsConfig, units: [], images: [] })).toEqual([
      {
        kind: 'ecs-agent-draining',
        found: 'ECS_ENABLE_SPOT_INSTANCE_DRAINING=true',
        meaning: 'the ECS agent drains on interruption notices itself: harmless, both set the same state',
        isHarmless: true,
      },
    ]);
  });

  it.each([
    ['false', 'ECS_ENABLE_SPOT_INSTANCE_DRAINING=false'],
    ['a comment', '#ECS_ENABLE_SPOT_INSTANCE_DRAINING=true'],
    ['overruled further down', 'ECS_ENABLE_SPOT_INSTANCE_DRAINING=true\nECS_ENABLE_SPOT_INSTANCE_DRAINING=false'],
    ['another name', 'MY_ECS_ENABLE_SPOT_INSTANCE_DRAINING=true'],
    ['empty', ''],
  ])('do not include it where the setting is %s', (_what, ecsConfig) => {
    expect(found({ ecsConfig })).toEqual([]);
  });

  it.each(['1', 't', 'TRUE', '"true"'])('include it where the setting is %s', (value) => {
    expect(found({ ecsConfig: `  ECS_ENABLE_SPOT_INSTANCE_DRAINING=${value}  \r\n` })).toHaveLength(1);
  });

  it('are told by their units and by the images of tasks, each once', () => {
    const units = ['lifecycled.service', 'ecs-spot-drain.service', 'sshd.service', 'lifecycled.service'];
    const images = [
      'public.ecr.aws/aws-ec2/aws-node-termination-handler:v1.22.0',
      'registry.local:5000/ops/spot-interruption-watcher@sha256:0123',
      'registry.local:5000/lifecycled-team/web:2',
    ];
    expect(found({ units, images })).toEqual([
      ['lifecycled', 'lifecycled.service'],
      ['drain-script', 'ecs-spot-drain.service'],
      ['node-termination-handler', 'aws-node-termination-handler'],
      ['drain-script', 'spot-interruption-watcher'],
    ]);
  });

  it('are not we ourselves, nor what merely sounds alike', () => {
    const units = [
      'spotkeeper-agent.service',
      'ecs.service',
      'ec2-instance-connect.service',
      'systemd-poweroff.service',
    ];
    expect(
      found({ units, images: ['example/hotspot:1', 'example/terminator:1', 'example/spotkeeper-drain:1'] }),
    ).toEqual([]);
  });

  it('are said once each, as information', () => {
    const { logger, lines } = keepingLogger();
    tellNeighbours(neighboursOf({ ecsConfig: null, units: ['lifecycled.service'], images: [] }), logger);
    expect(lines).toMatchObject([{ level: 'info', fields: { kind: 'lifecycled', found: 'lifecycled.service' } }]);
  });
});

describe('the facts about neighbours', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'spotkeeper-neighbours-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('are read from the configuration and the unit folders', async () => {
    const [ecsConfig, units] = [join(folder, 'ecs.config'), join(folder, 'units')];
    writeFileSync(ecsConfig, 'ECS_CLUSTER=production\n');
    mkdirSync(units);
    for (const name of ['lifecycled.service', 'lifecycled.service.d', 'README']) writeFileSync(join(units, name), '');
    expect(
      await readNeighbourFacts(['example/web:1'], { ecsConfig, unitFolders: [join(folder, 'none'), units] }),
    ).toEqual({
      ecsConfig: 'ECS_CLUSTER=production\n',
      units: ['lifecycled.service'],
      images: ['example/web:1'],
    });
  });

  it('are none where nothing can be read', async () => {
    const facts = await readNeighbourFacts([], { ecsConfig: folder, unitFolders: [join(folder, 'none')] });
    expect(facts).toEqual({ ecsConfig: null, units: [], images: [] });
    expect(neighboursOf(facts)).toEqual([]);
  });
});
