// What `replace` did, for people. As JSON the outcomes are told as they are.
import type { Restraint } from '../../plan/restraint.ts';
import { wrap } from '../layout.ts';
import { renderRestraint } from '../render-restraint.ts';
import { titleOf } from './render-cordon.ts';
import type { Replaced, ReplaceRefusal } from './replace.ts';

/** Text ended by a line end. @param restraint what keeps the controller from doing it now, as far as the command can know */
export function renderReplace(outcomes: readonly Replaced[], restraint: Restraint, width: number): string {
  if (outcomes.length === 0) return 'no instance is behind the fleet\n';
  const lines = outcomes.map((one) => `${wrap(`${titleOf(one)}: ${replaceWords(one)}`, width, 4)}\n`);
  const holding = renderRestraint({ restraint: { ...restraint, held: [] } }, width);
  return `${lines.join('')}${holding === '' ? '' : `${holding}\n`}`;
}

function replaceWords({ result, failure, refusal, wish }: Replaced): string {
  switch (result) {
    case 'wished':
      return 'is to be replaced; the controller launches the replacement first, and spotkeeper plan says what it waits for';
    case 'wished-already':
      return `was to be replaced already (${wish})`;
    case 'would-wish':
      return 'would be replaced';
    case 'taken-back':
      return 'is not to be replaced any more';
    case 'would-take-back':
      return `would not be replaced any more (${wish})`;
    case 'no-wish':
      return 'was not to be replaced by an operator';
    case 'refused':
      return `refused: ${refusal === null ? '' : REFUSAL_WORDS[refusal]}`;
    case 'failed':
      return `failed: [${failure?.code}] ${failure?.message}`;
    default:
      return result satisfies never;
  }
}

const REFUSAL_WORDS = {
  noticed: 'it has a notice that it ends, and is replaced in any case',
  retiring: 'the controller has chosen it to leave already',
  draining:
    'it drains already, and who is replaced serves until the replacement does; spotkeeper uncordon takes it back',
} as const satisfies Record<ReplaceRefusal, string>;
