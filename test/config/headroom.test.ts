import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { readControllerConfig } from '../../src/config/controller.ts';
import { CONTROLLER_SETTINGS } from '../../src/config/controller-settings.ts';
import type { Environment } from '../../src/config/environment.ts';
import { readSettings } from '../../src/config/settings.ts';
import type { Policy } from '../../src/plan/policy.ts';
import { CONTROLLER, FLEET, filesWith, messageOf } from './files.ts';

const headroomOf = (lines: string, env: Environment = {}): Policy['headroom'] => {
  const at = filesWith({ 'controller.yaml': `${CONTROLLER}${lines}`, 'fleet.yaml': FLEET });
  return readControllerConfig({ flags: {}, env, file: at('controller.yaml'), isTerminal: false }).policy.headroom;
};
const mistakesOf = (lines: string, env: Environment = {}): string[] =>
  messageOf(() => headroomOf(lines, env))
    .split('\n')
    .map((line) => line.replace(/^\/.*\/(?=[\w-]+\.yaml)/, ''));

const OFFICE = { days: ['mon', 'fri'], from: '07:30', until: '19:00', timeZone: 'Europe/Berlin', largestTasks: 8 };

describe('headroom', () => {
  it('is read from the file', () => {
    const lines = [
      'headroom:',
      '  survive: zone',
      '  arrivalQuantile: 0.99',
      '  forgetLargestSeconds: 60',
      '  pins:',
      '    - { cpu: 1024, memory: 2048, tasks: 3 }',
      '    - { cpu: 0, memory: 512, gpus: 1, tasks: 1 }',
      '  floors:',
      '    - days: [mon, fri]',
      '      from: 07:30',
      '      until: 19:00',
      '      timeZone: Europe/Berlin',
      '      largestTasks: 8',
    ];
    expect(headroomOf(`${lines.join('\n')}\n`)).toEqual({
      largestTasks: 2,
      survive: 'zone',
      arrivalQuantile: 0.99,
      forgetLargestMs: 60_000,
      pins: [
        { cpuUnits: 1_024, memoryMiB: 2_048, gpus: 0, tasks: 3 },
        { cpuUnits: 0, memoryMiB: 512, gpus: 1, tasks: 1 },
      ],
      floors: [OFFICE],
    });
  });

  it('orders nothing for arrivals where that is off, in the file or in the environment', () => {
    expect(headroomOf('headroom: { arrivalQuantile: off }\n').arrivalQuantile).toBeNull();
    expect(headroomOf('', { SPOTKEEPER_HEADROOM_ARRIVAL_QUANTILE: 'off' }).arrivalQuantile).toBeNull();
    expect(headroomOf('', { SPOTKEEPER_HEADROOM_ARRIVAL_QUANTILE: '0.9' }).arrivalQuantile).toBe(0.9);
  });

  it('takes pins and floors from the environment as JSON', () => {
    const { pins, floors } = headroomOf('headroom: { pins: [{ cpu: 1, memory: 1, tasks: 1 }] }\n', {
      SPOTKEEPER_HEADROOM_PINS: '[]',
      SPOTKEEPER_HEADROOM_FLOORS: JSON.stringify([OFFICE]),
    });
    expect([pins, floors]).toEqual([[], [OFFICE]]);
  });
});

describe('wrong headroom', () => {
  it('names every mistake of a list with its own key and line', () => {
    const lines = [
      'headroom:',
      '  pins:',
      '    - { cpu: 1024, memory: 2048, tasks: 1 }',
      '    - cpus: 1024',
      '      memory: lots',
      '      tasks: 1',
      '    - 7',
      '  floors:',
      '    - days: [mon, mon]',
      '      from: 7:30',
      '      until: 24:00',
      '      timeZone: Europe/Atlantis',
    ];
    expect(mistakesOf(`${lines.join('\n')}\n`)).toEqual([
      'controller.yaml:6: headroom.pins[1].cpus: unknown key; did you mean cpu?',
      'controller.yaml:7: headroom.pins[1].memory: expected a whole number from 1 to 40000000, found "lots"',
      'controller.yaml:6: headroom.pins[1].cpu: expected a whole number from 0 to 2000000, found nothing',
      'controller.yaml:9: headroom.pins[2]: expected a section with cpu, memory, tasks, and if need be gpus, found 7',
      'controller.yaml:11: headroom.floors[0].days: expected a list of mon, tue, wed, thu, fri, sat, sun, none of them twice, found a list of 2',
      'controller.yaml:12: headroom.floors[0].from: expected a time of day such as 07:30, found "7:30"',
      'controller.yaml:13: headroom.floors[0].until: expected a time of day such as 07:30, found "24:00"',
      'controller.yaml:14: headroom.floors[0].timeZone: expected an IANA time zone such as Europe/Berlin, found "Europe/Atlantis"',
      'controller.yaml:11: headroom.floors[0].largestTasks: expected a whole number from 1 to 1000, found nothing',
    ]);
  });

  const pin = '{ cpu: 1, memory: 1, tasks: 1 }';
  const office = (over: object): string => `headroom: { floors: [${JSON.stringify({ ...OFFICE, ...over })}] }\n`;
  const cases: readonly (readonly [string, string, string])[] = [
    ['pins that are no list', `headroom: { pins: ${pin} }\n`, 'headroom.pins: expected a list of at most 50, each a'],
    ['pins that say nothing', 'headroom:\n  pins:\n', 'controller.yaml:4: headroom.pins: expected a list'],
    ['too many pins', `headroom: { pins: [${Array(51).fill(pin).join(', ')}] }\n`, 'found a list of 51'],
    ['a pin for no task', 'headroom: { pins: [{ cpu: 1, memory: 1, tasks: 0 }] }\n', 'pins[0].tasks: expected a whole'],
    ['a pin of half a GPU', 'headroom: { pins: [{ cpu: 1, memory: 1, tasks: 1, gpus: 0.5 }] }\n', 'pins[0].gpus: expe'],
    ['an inherited name in a pin', 'headroom: { pins: [{ constructor: 1 }] }\n', 'pins[0].constructor: unknown key'],
    ['a floor on no day', office({ days: [] }), 'floors[0].days: expected a list of mon'],
    ['a floor on a day of another language', office({ days: ['mo'] }), 'floors[0].days: expected a list of mon'],
    ['a floor in an hour that no clock shows', office({ from: '24:30' }), 'floors[0].from: expected a time of day'],
    ['a floor by an offset', office({ timeZone: '+01:00' }), 'floors[0].timeZone: expected an IANA time zone'],
    ['a floor without a zone', office({ timeZone: '' }), 'floors[0].timeZone: expected an IANA time zone'],
    [
      'a certain quantile',
      'headroom: { arrivalQuantile: 1 }\n',
      'expected a number from 0.5 to 0.999, or the word off',
    ],
    ['a survived region', 'headroom: { survive: region }\n', 'headroom.survive: expected one of none, pool, zone'],
    ['a long debounce', 'pendingDebounceSeconds: 301\n', 'expected a number of seconds from 0 to 300, found 301'],
  ];

  it.each(cases)('says so for %s', (_name, lines, expected) => {
    expect(mistakesOf(lines).join('\n')).toContain(expected);
  });

  it('names the variable it was given in', () => {
    expect(mistakesOf('', { SPOTKEEPER_HEADROOM_PINS: '[{"cpu":1024,"memory":1,"tasks":"one"}]' })).toEqual([
      'SPOTKEEPER_HEADROOM_PINS: headroom.pins[0].tasks: expected a whole number from 1 to 1000, found "one"',
    ]);
    expect(mistakesOf('', { SPOTKEEPER_HEADROOM_FLOORS: 'weekdays' }).join()).toContain(
      'SPOTKEEPER_HEADROOM_FLOORS: headroom.floors: expected a list of at most 50',
    );
  });
});

describe('any pins and floors', () => {
  const names = ['cpu', 'memory', 'tasks', 'gpus', 'days', 'from', 'until', 'timeZone', 'largestTasks', 'other'];
  const value = fc.oneof(
    fc.constantFrom<unknown>(1, 0, -1, 'mon', ['mon'], ['mon', 'mon'], '07:30', 'UTC', null, {}, [], true),
    fc.jsonValue({ maxDepth: 1 }),
  );
  const item = fc.oneof(fc.dictionary(fc.constantFrom(...names), value), fc.jsonValue({ maxDepth: 1 }));

  it('are read as they stand, or every mistake has its key and a line of the file', () => {
    const property = fc.property(fc.constantFrom('pins', 'floors'), fc.array(item, { maxLength: 4 }), (name, items) => {
      const text = stringify({ cluster: 'a', fleets: ['fleet.yaml'], headroom: { [name]: items } });
      const file = filesWith({ 'a.yaml': text })('a.yaml');
      const { values, mistakes } = readSettings(CONTROLLER_SETTINGS, { flags: {}, env: {}, file });
      for (const mistake of mistakes) {
        expect(mistake.key).toMatch(new RegExp(`^headroom\\.${name}\\[\\d\\]`));
        expect(mistake.line).toBeGreaterThan(0);
        expect(mistake.line).toBeLessThanOrEqual(text.split('\n').length);
      }
      const read: unknown = name === 'pins' ? values['headroom.pins'] : values['headroom.floors'];
      expect(read).toEqual(mistakes.length === 0 ? items : []);
    });
    fc.assert(property, { numRuns: 150 });
  });
});
