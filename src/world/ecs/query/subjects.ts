// The subjects of the cluster query language: what of a container instance an expression may speak of, and which questions
// each subject allows. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-query-language.html
import type { Shape } from './operators.ts';
import { type Comparison, compareNumbers, compareTexts, compareVersions, instantOf } from './values.ts';

/** A container instance as expressions see it. */
export interface Queried {
  readonly agentConnected: boolean;
  readonly agentVersion: string;
  readonly attributes: ReadonlyMap<string, string | null>;
  readonly ec2: { readonly id: string };
  readonly registeredAt: number;
  readonly tally: {
    readonly runningCount: number;
    /** Task groups with tasks meant to run there. */
    readonly groups: ReadonlyMap<string, number>;
  };
}

export interface Subject {
  /** Its values on an instance; none when it has none. Only `task:group` can have several. */
  readonly valuesOn: (instance: Queried) => readonly string[];
  readonly allows: readonly Shape[];
  /** Equal means the same text; otherwise it means that the comparison finds no difference. */
  readonly isText: boolean;
  readonly compare: Comparison;
  /** Reads an argument into the form values have; null for what can be no value of it. */
  readonly argument: (text: string) => string | null;
}

export const SUBJECT = /attribute:[\w./\\-]{1,128}|task:group\b|[A-Za-z][A-Za-z0-9]*/y;

const asIs = (text: string): string => text;
const TEXTUAL: readonly Shape[] = ['equality', 'list', 'pattern'];
const ORDERED: readonly Shape[] = ['equality', 'order'];
/** For task groups and attributes AWS lists no operators, so all are taken. */
const EVERY: readonly Shape[] = ['equality', 'order', 'presence', 'list', 'pattern'];

const NAMED: Readonly<Record<string, Subject>> = {
  agentConnected: {
    valuesOn: ({ agentConnected }) => [String(agentConnected)],
    allows: TEXTUAL,
    isText: true,
    compare: compareTexts,
    argument: asIs,
  },
  agentVersion: {
    valuesOn: ({ agentVersion }) => [agentVersion],
    allows: ORDERED,
    isText: false,
    compare: compareVersions,
    argument: (text) => (compareVersions(text, '0') === null ? null : text),
  },
  ec2InstanceId: {
    valuesOn: ({ ec2 }) => [ec2.id],
    allows: TEXTUAL,
    isText: true,
    compare: compareTexts,
    argument: asIs,
  },
  registeredAt: {
    valuesOn: ({ registeredAt }) => [String(registeredAt)],
    allows: ORDERED,
    isText: false,
    compare: compareNumbers,
    argument: (text) => instantOf(text)?.toString() ?? null,
  },
  runningTasksCount: {
    valuesOn: ({ tally }) => [String(tally.runningCount)],
    allows: ORDERED,
    isText: false,
    compare: compareNumbers,
    argument: (text) => (compareNumbers(text, '0') === null ? null : text),
  },
  'task:group': {
    valuesOn: ({ tally }) => [...tally.groups.keys()],
    allows: EVERY,
    isText: true,
    compare: compareTexts,
    argument: asIs,
  },
};

/** null for a name that is no subject. */
export function subjectOf(name: string): Subject | null {
  if (name.startsWith('attribute:')) return attribute(name.slice('attribute:'.length));
  return Object.hasOwn(NAMED, name) ? (NAMED[name] ?? null) : null;
}

/** An attribute without a value is there, and equal to the empty text. */
function attribute(name: string): Subject {
  return {
    valuesOn: ({ attributes }) => (attributes.has(name) ? [attributes.get(name) ?? ''] : []),
    allows: EVERY,
    isText: true,
    compare: compareTexts,
    argument: asIs,
  };
}
