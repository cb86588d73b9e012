// A morning on paper, recorded for real and explained.
import { describe, expect, it } from 'vitest';
import { explanationOf } from '../../../src/cli/explain/explanation.ts';
import { renderExplanation } from '../../../src/cli/explain/render-explanation.ts';
import { openRecording } from '../../../src/controller/recording/read-recording.ts';
import { Recorder } from '../../../src/controller/recording/recorder.ts';
import { fleetId, instanceId } from '../../../src/model/ids.ts';
import type { Part } from '../../../src/model/snapshot.ts';
import { NO_MEMORY } from '../../../src/plan/memory.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import type { PlanReport } from '../../../src/plan/report.ts';
import { RotatedLines } from '../../../src/runtime/rotated-lines.ts';
import { aPolicy, arnOf, aSnapshot } from '../../support/builders.ts';
import { aFolder } from '../../support/folder.ts';
import { keepingLogger } from '../../support/log-lines.ts';
import { aLine, aReport, aScenario, aShape } from '../../support/report-builder.ts';

const START = Date.parse('2026-11-21T08:00:00Z');
const HOUR_MS = 3_600_000;

interface PaperPass {
  readonly second: number;
  readonly report?: Partial<PlanReport>;
  readonly plan?: Plan;
  readonly failure?: string;
}

async function recorded(passes: readonly PaperPass[]) {
  const directory = aFolder();
  const { logger } = keepingLogger();
  const recorder = new Recorder({ lines: new RotatedLines({ directory, maximumBytes: 16_000_000 }), logger });
  for (const { second, report, plan = [], failure = null } of passes) {
    const now = START + second * 1_000;
    const input = { snapshot: aSnapshot(), policy: aPolicy(), memory: NO_MEMORY, now };
    recorder.record({ input, plan, report: aReport({ observedAt: now, ...report }), failure });
    await recorder.idle();
  }
  await recorder.close();
  return directory;
}

async function explain(directory: string, name: string | null, { lastMs = HOUR_MS, width = 100 } = {}) {
  const explanation = await explanationOf(await openRecording(directory), { name, lastMs, directory });
  return { explanation, page: renderExplanation(explanation, width) };
}

const { target, restraint } = aReport();
const short = { ...target, reason: 'pending-tasks', proposedUnits: 8, shortUnits: 2 } as const;
const asked = { ...target, presentUnits: 8, proposedUnits: 8 };
const raise = {
  kind: 'set-target',
  fleetId: fleetId('sfr-1'),
  fromUnits: 6,
  targetUnits: 8,
  reason: 'pending-tasks',
} as const;
const drain = {
  kind: 'drain',
  reason: 'excess',
  instanceId: instanceId('i-1'),
  containerInstanceArn: arnOf('i-1'),
} as const;
const unremovable = [{ instanceId: instanceId('i-1'), reason: 'standalone-task' as const }];

const MORNING: readonly PaperPass[] = [
  { second: 0, report: { scaleIn: { reason: 'no-candidate', victims: [], unremovable } } },
  { second: 15, report: { scaleIn: { reason: 'no-candidate', victims: [], unremovable } } },
  {
    second: 30,
    report: {
      target: short,
      shapes: [aShape({ pending: 2 })],
      scenarios: [aScenario({ name: 'now', tasks: 6, unplaced: 2, shortUnits: 2 })],
      scaleIn: { reason: 'shortage', victims: [], unremovable: [] },
    },
    plan: [raise],
    failure: 'setting the target: ThrottlingException: Rate exceeded',
  },
  {
    second: 45,
    report: {
      target: asked,
      ledger: [aLine('i-1'), ...['i-2', 'i-3'].map((id) => aLine(id, { standing: 'launching' }))],
    },
  },
  {
    second: 60,
    report: {
      target: asked,
      ledger: [aLine('i-1'), aLine('i-2'), aLine('i-3')],
      scaleIn: { reason: 'retire', victims: [{ instanceId: instanceId('i-1'), reason: 'excess' }], unremovable: [] },
    },
    plan: [drain],
  },
  { second: 1_200, report: { target: asked, ledger: [aLine('i-2'), aLine('i-3')] } },
];

describe('the page of a morning', () => {
  it('tells every decision in order, what lasts as one line', async () => {
    const { page } = await explain(await recorded(MORNING), null);
    expect(page).toBe(`Cluster   production, seen 2026-11-21T08:20:00Z
Fleet     target 8, fulfilled 6, usable 6, leaving 0, short 0 (units)
Recorded  6 passes, 2026-11-21 08:00:00 to 08:20:00 UTC

08:00:00 - 08:00:15  target    stays at 6 units: the target is right [keep]
08:00:00 - 08:00:15  scale-in  nobody leaves: there is a surplus, and no instance may leave
                               [no-candidate]
08:00:30             waiting   2 tasks of 1024cpu/2048MiB (web)
08:00:30             short     what ECS wants running [now]: 2 of 6 tasks find no place, short of 2
                               units
08:00:30             target    6 -> 8 units: tasks that ECS wants running have no place
                               [pending-tasks]
08:00:30             scale-in  nobody leaves: room is short [shortage]
08:00:30             failed    not all that was planned could be done: setting the target:
                               ThrottlingException: Rate exceeded
08:00:45 - 08:01:00  target    stays at 8 units: the target is right [keep]
08:00:45             scale-in  nobody leaves: the room of every instance is needed [no-surplus]
08:00:45             instance  i-2, i-3: new -> launching
08:01:00             scale-in  i-1 to leave: its room is not needed [excess]
08:01:00             action    drain i-1: its room is not needed
08:01:00             instance  i-2, i-3: launching -> serving
08:01:00 - 08:20:00  record    nothing: no controller led, or one that recorded elsewhere
08:20:00             target    stays at 8 units: the target is right [keep]
08:20:00             scale-in  nobody leaves: the room of every instance is needed [no-surplus]
08:20:00             instance  i-1: serving -> not there any more
`);
  });

  it('says of an instance why it stayed, why it left, and where it stands at last', async () => {
    const { page } = await explain(await recorded(MORNING), 'i-1');
    expect(page).toContain('Instance  i-1, m6i.large in eu-west-1a, 2 units\nAt last   not there any more\n');
    const lines = page.split('\n').slice(6, -1);
    expect(lines).toEqual([
      '08:00:00 - 08:01:00  stands  serving: takes tasks',
      '08:00:00 - 08:00:15  stays   runs a standalone task, which ECS would not start again elsewhere',
      '                             [standalone-task]',
      '08:00:30             stays   nobody leaves: room is short [shortage]',
      '08:00:45             stays   nobody leaves: the room of every instance is needed [no-surplus]',
      '08:01:00             chosen  to leave: its room is not needed [excess]',
      '08:01:00             action  drain i-1: its room is not needed',
      '08:01:00 - 08:20:00  record  nothing: no controller led, or one that recorded elsewhere',
    ]);
  });

  it('fits a narrow terminal', async () => {
    const { page } = await explain(await recorded(MORNING), null, { width: 50 });
    const isLong = (line: string) => line.length > 50 && line.trim().includes(' ');
    expect(page.split('\n').filter(isLong)).toEqual([]);
  });

  it('names what held a step back, and does not tell it as taken', async () => {
    const held = {
      ...restraint,
      mode: 'observe',
      holds: ['observe'],
      held: [{ action: raise, why: 'observe' }],
    } as const;
    const { page } = await explain(
      await recorded([{ second: 0, report: { restraint: held, target: short }, plan: [raise] }]),
      null,
    );
    expect(page).toMatch(/held {7}`mode` is `observe`: nothing is done \[observe\]/);
    expect(page).toMatch(/held back +set the target capacity of sfr-1 from 6 to 8 units/);
    expect(page).not.toMatch(/ action /);
  });
});

describe('a question', () => {
  it('reaches back from the last pass that is recorded', async () => {
    const directory = await recorded(MORNING);
    const { explanation } = await explain(directory, null, { lastMs: 60_000 });
    expect(explanation).toMatchObject({ from: START + 1_200_000, passes: 1 });
  });

  it('about an instance of earlier is told how far the record goes back', async () => {
    const asking = explain(await recorded(MORNING), 'i-1', { lastMs: 60_000 });
    await expect(asking).rejects.toMatchObject({
      code: 'instance-not-found',
      message: expect.stringContaining('--last 1h'),
    });
  });

  it('whose name is the beginning of several is told of them', async () => {
    const asking = explain(await recorded(MORNING), 'i-');
    await expect(asking).rejects.toThrow('i- is the beginning of several: i-1, i-2, i-3');
  });

  it('about a fleet tells no figure that could not be seen', async () => {
    const without = async (part: Part) => {
      const passes = [{ second: 0, report: { gaps: [{ part, why: 'throttled' }] } }];
      return (await explain(await recorded(passes), 'general')).page;
    };
    for (const part of ['fleet', 'container-instances'] as const) expect(await without(part)).not.toContain('capacity');
    expect(await without('fleet')).not.toContain('stays at');
    expect(await without('services')).toContain('capacity  fulfilled 6, usable 6, leaving 0');
  });

  it('about a fleet may name it as its file does, or by its id, and not otherwise', async () => {
    const directory = await recorded(MORNING);
    const { page } = await explain(directory, 'general');
    expect(page).toContain('capacity  fulfilled 6, usable 6, leaving 0');
    await expect(explain(directory, aSnapshot().fleet?.id ?? '')).resolves.toBeDefined();
    await expect(explain(directory, 'generic')).rejects.toMatchObject({ code: 'instance-not-found' });
  });
});
