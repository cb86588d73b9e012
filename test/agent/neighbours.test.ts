import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type NeighbourFacts, neighboursOf, readNeighbourFacts, tellNeighbours } from '../../src/agent/neighbours.ts';
import { keepingLogger } from '../support/log-lines.ts';

const NOTHING: NeighbourFacts = { ecsConfig: null, ecsConfigProblem: null, units: [], images: [] };

const found = (facts: Partial<NeighbourFacts>) =>
  neighboursOf({ ...NOTHING, ...facts }).map((neighbour) => [neighbour.kind, neighbour.found]);

describe('the neighbours on a host', () => {
  it('include the ECS agent when it drains by itself, which is harmless', () => {
    const ecsConfig = 'ECS_CLUSTER=production\nECS_ENABLE_SPOT_INSTANCE_DRAINING=true\n';
    expect(neighboursOf({ ...NOTHING, ecsConfig })).toEqual([
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

  it('are said once each, as a warning unless they are harmless', () => {
    const { logger, lines } = keepingLogger();
    const ecsConfig = 'ECS_ENABLE_SPOT_INSTANCE_DRAINING=true';
    tellNeighbours(neighboursOf({ ...NOTHING, ecsConfig, units: ['lifecycled.service'] }), logger);
    expect(lines).toMatchObject([
      { level: 'info', fields: { kind: 'ecs-agent-draining' } },
      { level: 'warn', fields: { kind: 'lifecycled', found: 'lifecycled.service' } },
    ]);
  });

  it('cannot all be known where the ECS configuration cannot be read, which is a warning with what follows', () => {
    const { logger, lines } = keepingLogger();
    const problem = 'EACCES: permission denied';
    tellNeighbours(neighboursOf({ ...NOTHING, ecsConfigProblem: problem }), logger);
    expect(lines).toMatchObject([
      {
        level: 'warn',
        message: 'the configuration of the ECS agent cannot be read',
        fields: { found: problem, meaning: expect.stringMatching(/30 s to stop.*ECS_CONTAINER_STOP_TIMEOUT/) },
      },
    ]);
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
      ecsConfigProblem: null,
      units: ['lifecycled.service'],
      images: ['example/web:1'],
    });
  });

  it('are none where nothing is', async () => {
    const none = join(folder, 'none');
    const facts = await readNeighbourFacts([], { ecsConfig: join(none, 'ecs.config'), unitFolders: [none] });
    expect(facts).toEqual(NOTHING);
    expect(neighboursOf(facts)).toEqual([]);
  });

  it('say of a configuration that is there why it cannot be read', async () => {
    // A folder in place of the file: no permission keeps root from reading.
    const facts = await readNeighbourFacts([], { ecsConfig: folder, unitFolders: [] });
    expect(facts).toMatchObject({ ecsConfig: null, ecsConfigProblem: expect.stringContaining('EISDIR') });
    expect(neighboursOf(facts)).toMatchObject([{ kind: 'unreadable-ecs-config', isHarmless: false }]);
  });
});
