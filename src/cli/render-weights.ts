// What the weights of the fleet are worth in tasks: where one unit buys more room on one type than on another, an ask
// brings less than it counts for whenever the fleet answers with the worse one.
import type { PlanReport, WeightAdvice } from '../plan/report.ts';
import { listed, wrap } from './layout.ts';
import { renderTable, right } from './render-table.ts';

type Types = WeightAdvice['types'];

const MOST_NAMED = 5;

/** A table of the types, and the loss in words; empty when the weights are good. */
export function renderWeights({ weights }: PlanReport, width: number): string {
  if (weights === null) return '';
  const { shape, types } = weights;
  const rows = types.map(({ instanceType, weightUnits, slots, slotsPerUnit, recommendedWeight }) => [
    instanceType,
    String(weightUnits),
    String(slots),
    String(Number(slotsPerUnit.toFixed(3))),
    // A type that hosts none has no weight that would be right.
    slots === 0 ? '-' : String(recommendedWeight),
  ]);
  const columns = [{ head: 'type' }, ...['weight', 'slots', 'slots a unit', 'better weight'].map(right)];
  return [
    wrap(`Weights mislead: what one unit is worth in tasks of ${shape}`, width),
    renderTable(columns, rows, width),
    ...lossWords(weights).map((text) => wrap(`  ${text}`, width, 2)),
  ].join('\n');
}

function lossWords({ types, loss }: WeightAdvice): string[] {
  const [worst, ...others] = [...types]
    .filter(({ slots }) => slots > 0)
    .sort((a, b) => a.slotsPerUnit - b.slotsPerUnit);
  const best = others.at(-1);
  const uneven =
    worst === undefined || best === undefined || loss <= 0
      ? []
      : [
          `Answered with ${worst.instanceType} in place of ${best.instanceType}, the same number of units brings ${Math.round(loss * 100)} % less room for them.`,
        ];
  const useless = types.filter(({ slots }) => slots === 0).map(({ instanceType }) => instanceType);
  return [...uneven, ...uselessWords(useless, types)];
}

function uselessWords(useless: readonly string[], types: Types): string[] {
  if (useless.length === 0) return [];
  const verb = useless.length === 1 ? 'hosts' : 'host';
  const isAll = useless.length === types.length;
  return [`${listed(useless, MOST_NAMED)} ${verb} none${isAll ? '' : ': units of that kind bring no room for them'}.`];
}
