// Which services keep off a cordoned instance, judged by their constraints and their definitions'.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ATTRIBUTE, PLACEMENT_CONSTRAINT } from '../../../src/model/attributes.ts';
import type { Service, TaskDefinition } from '../../../src/model/service.ts';
import { guardOf } from '../../../src/plan/advice/guard.ts';
import { lacksOf, placingOn } from '../../../src/plan/advice/placing.ts';
import { aContainerInstance, aSnapshot, type ServiceSpec } from '../../support/builders.ts';

const on = aContainerInstance({
  id: 'i-1',
  containerInstance: { attributes: { 'ecs.instance-type': 'm5.large', 'ecs.cpu-architecture': 'x86_64' } },
});

function parts(over: Partial<ServiceSpec>): [Service, TaskDefinition] {
  const { services, definitions } = aSnapshot({ services: [{ name: 'web', ...over }] });
  const [service, definition] = [services[0], definitions[0]];
  if (service === undefined || definition === undefined) throw new Error('one service has one definition');
  return [service, definition];
}
const own = (...expressions: readonly string[]): Partial<ServiceSpec> => ({
  placementConstraints: expressions.map((expression) => ({ type: 'memberOf', expression })),
});

describe('on a cordoned instance, a service', () => {
  it.each<[string, Partial<ServiceSpec>, string]>([
    ['with the constraint is kept off', own(PLACEMENT_CONSTRAINT), 'kept-off'],
    ['with it in its definition is kept off', { shape: { expressions: [PLACEMENT_CONSTRAINT] } }, 'kept-off'],
    ['with the half about the cordon is kept off', own(`attribute:${ATTRIBUTE.cordoned} !exists`), 'kept-off'],
    ['with another word for it is kept off', own(`not(attribute:${ATTRIBUTE.cordoned} exists)`), 'kept-off'],
    ['with the half about readiness alone still places', own(`attribute:${ATTRIBUTE.ready} == yes`), 'still-places'],
    ['that minds one value only still places', own(`attribute:${ATTRIBUTE.cordoned} != somebody`), 'still-places'],
    ['without constraints still places', {}, 'still-places'],
    ['that wants the type still places', own('attribute:ecs.instance-type =~ m5.*'), 'still-places'],
    ['that wants another type is elsewhere', own('attribute:ecs.instance-type =~ c5.*'), 'elsewhere'],
    ['that wants another processor is elsewhere', { shape: { architecture: 'arm64' } }, 'elsewhere'],
    ['that goes by tasks, which come and go, still places', own('not(task:group == service:web)'), 'still-places'],
    ['with a constraint that only ECS can read still places', own('attribute:a =~ (?!b).*'), 'still-places'],
    ['of DAEMON tasks is exempt', { schedulingStrategy: 'DAEMON' }, 'daemon'],
    [
      'of DAEMON tasks that stand elsewhere is elsewhere',
      { schedulingStrategy: 'DAEMON', ...own('attribute:x == y') },
      'elsewhere',
    ],
  ])('%s', (_name, over, expected) => {
    expect(placingOn(...parts(over), on)).toBe(expected);
    const marked = {
      ...on,
      attributes: { ...on.attributes, [ATTRIBUTE.cordoned]: 'operator', [ATTRIBUTE.ready]: 'no' },
    };
    expect(placingOn(...parts(over), marked)).toBe(expected);
  });

  it('whose definition cannot be read is told apart, unless it keeps off by itself', () => {
    expect(placingOn(parts({})[0], null, on)).toBe('unreadable');
    expect(placingOn(parts(own(PLACEMENT_CONSTRAINT))[0], null, on)).toBe('kept-off');
  });

  it('with the constraint is kept off or elsewhere, whatever else it asks for', () => {
    const others = fc.constantFrom(
      'attribute:ecs.instance-type =~ m5.*',
      'attribute:x exists',
      'agentConnected == true',
      'runningTasksCount < 3',
      'task:group == service:cache',
    );
    fc.assert(
      fc.property(fc.array(others, { maxLength: 3 }), fc.boolean(), (expressions, isFirst) => {
        const all = isFirst ? [PLACEMENT_CONSTRAINT, ...expressions] : [...expressions, PLACEMENT_CONSTRAINT];
        expect(['kept-off', 'elsewhere']).toContain(placingOn(...parts(own(...all)), on));
        expect(lacksOf(...parts(own(...all)))).toEqual({ ready: false, cordon: false });
      }),
    );
  });
});

describe('the cluster', () => {
  it('is told which services lack what, and which instances are concerned', () => {
    const services: ServiceSpec[] = [
      { name: 'both', ...own(PLACEMENT_CONSTRAINT) },
      { name: 'cordon', ...own(`attribute:${ATTRIBUTE.cordoned} !exists`) },
      { name: 'none' },
      { name: 'logs', schedulingStrategy: 'DAEMON' },
    ];
    const host = (id: string, attributes: Readonly<Record<string, string>>) => ({
      id,
      containerInstance: { attributes },
    });
    const hosts = [
      host('i-4', {}),
      host('i-3', { [ATTRIBUTE.ready]: 'no' }),
      host('i-2', { [ATTRIBUTE.ready]: 'yes', [ATTRIBUTE.cordoned]: 'operator' }),
      host('i-1', { [ATTRIBUTE.ready]: 'yes' }),
    ];
    expect(guardOf(aSnapshot({ hosts, services }))).toEqual({
      serviceCount: 3,
      withoutCordon: ['none'],
      withoutReady: ['cordon', 'none'],
      notReady: ['i-3'],
      silent: ['i-4'],
      cordoned: [{ instanceId: 'i-2', by: 'operator' }],
    });
  });
});
