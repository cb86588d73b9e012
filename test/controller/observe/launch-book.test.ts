// What the fleet launches now: how often it is asked, and what cannot be told.
import { describe, expect, it } from 'vitest';
import { budgetsOf } from '../../../src/controller/observe/budgets.ts';
import { DEFAULT_SHARE } from '../../../src/controller/observe/call-budget.ts';
import { LaunchBook } from '../../../src/controller/observe/launch-book.ts';
import type { LaunchSpec, TemplateName } from '../../../src/model/launch.ts';
import { Failure } from '../../../src/ports/failure.ts';
import { aFleet } from '../../support/builders.ts';
import { steppedClock } from '../../support/stepped-clock.ts';

const of = (version: string, instanceType = 'm5.large'): LaunchSpec => ({
  instanceType,
  imageId: null,
  template: { idOrName: 'lt-1', version },
});
const image = (imageId: string): LaunchSpec => ({ instanceType: 'm5.large', imageId, template: null });

function aBook() {
  const clock = steppedClock();
  const asked: TemplateName[] = [];
  const state = { latest: 1, failure: null as Failure | null };
  const port = {
    launchOf: async (template: TemplateName) => {
      asked.push(template);
      if (state.failure !== null) throw state.failure;
      const version = template.version === '$Latest' ? state.latest : Number(template.version);
      return { imageId: `ami-${version}`, template: { id: 'lt-1', version } };
    },
  };
  const book = new LaunchBook(clock, port, budgetsOf(clock, DEFAULT_SHARE).ec2);
  return { clock, asked, state, read: (...launchSpecs: LaunchSpec[]) => book.read(aFleet([], { launchSpecs })) };
}

describe('what the fleet launches', () => {
  it('is asked once for a numbered version, whatever types it is for', async () => {
    const { asked, read } = aBook();
    await read(of('2'), of('2', 'm5.xlarge'));
    const { launches } = await read(of('2'), of('2', 'm5.xlarge'));
    expect(launches).toEqual([
      { instanceType: 'm5.large', imageId: 'ami-2', template: { id: 'lt-1', version: 2 } },
      { instanceType: 'm5.xlarge', imageId: 'ami-2', template: { id: 'lt-1', version: 2 } },
    ]);
    expect(asked).toHaveLength(1);
  });

  it('is asked again after a minute for the latest', async () => {
    const { asked, state, read, clock } = aBook();
    await read(of('$Latest'));
    state.latest = 2;
    expect((await read(of('$Latest'))).launches[0]?.imageId).toBe('ami-1');
    await clock.sleep(60_000);
    expect((await read(of('$Latest'))).launches[0]?.imageId).toBe('ami-2');
    expect(asked).toHaveLength(2);
  });

  it('is not told of a type that is launched in several ways', async () => {
    const { read } = aBook();
    expect((await read(image('ami-1'), image('ami-2'))).launches).toEqual([]);
    expect((await read(image('ami-1'), image('ami-1'))).launches).toHaveLength(1);
    expect((await read(image('ami-1'), image('ami-2'), image('ami-1'))).launches).toEqual([]);
  });

  it('is set aside, with the reason, when it cannot be read', async () => {
    const { state, read } = aBook();
    state.failure = new Failure('access-denied', 'describing version 1');
    expect(await read(of('1'))).toMatchObject({
      launches: [],
      unread: [{ kind: 'fleet', reason: 'launch-unreadable', detail: 'describing version 1' }],
    });
  });
});
