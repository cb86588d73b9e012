// The operators of the cluster query language, by every spelling AWS gives them.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-query-language.html

export type Operator =
  | 'equals'
  | 'not_equals'
  | 'greater_than'
  | 'greater_than_equal'
  | 'less_than'
  | 'less_than_equal'
  | 'exists'
  | 'not_exists'
  | 'in'
  | 'not_in'
  | 'matches'
  | 'not_matches';

const SYMBOLS: Readonly<Record<string, Operator>> = {
  '==': 'equals',
  '!=': 'not_equals',
  '>': 'greater_than',
  '>=': 'greater_than_equal',
  '<': 'less_than',
  '<=': 'less_than_equal',
  '!exists': 'not_exists',
  '!in': 'not_in',
  '=~': 'matches',
  '!~': 'not_matches',
};

const WORDS: readonly Operator[] = [
  'equals',
  'not_equals',
  'greater_than',
  'greater_than_equal',
  'less_than',
  'less_than_equal',
  'exists',
  'not_exists',
  'in',
  'not_in',
  'matches',
  'not_matches',
];

/** Sticky. A word that only begins like an operator is none. */
export const OPERATOR = /(?:==|!=|>=|<=|=~|!~|>|<|!exists\b|!in\b|[a-z_]+)/y;

/** null for a word that is no operator. */
export function operatorOf(spelling: string): Operator | null {
  if (Object.hasOwn(SYMBOLS, spelling)) return SYMBOLS[spelling] ?? null;
  return WORDS.find((word) => word === spelling) ?? null;
}

export type Shape = 'equality' | 'order' | 'presence' | 'list' | 'pattern';

/** What kind of question an operator asks: subjects allow some kinds and not others. */
export function shapeOf(operator: Operator): Shape {
  switch (operator) {
    case 'equals':
    case 'not_equals':
      return 'equality';
    case 'greater_than':
    case 'greater_than_equal':
    case 'less_than':
    case 'less_than_equal':
      return 'order';
    case 'exists':
    case 'not_exists':
      return 'presence';
    case 'in':
    case 'not_in':
      return 'list';
    case 'matches':
    case 'not_matches':
      return 'pattern';
    default:
      return operator satisfies never;
  }
}

/** Whether the comparison's outcome is what the operator asks for. */
export function isOrdered(operator: Operator, outcome: number): boolean {
  switch (operator) {
    case 'greater_than':
      return outcome > 0;
    case 'greater_than_equal':
      return outcome >= 0;
    case 'less_than':
      return outcome < 0;
    case 'less_than_equal':
      return outcome <= 0;
    default:
      return outcome === 0;
  }
}
