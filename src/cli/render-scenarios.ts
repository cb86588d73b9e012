// What must find room at once, and what of it does not.
import type { PlanReport, ScenarioLine } from '../plan/report.ts';
import { wrap } from './layout.ts';
import { renderTable, right } from './render-table.ts';
import { SCENARIO_WORDS } from './words.ts';

const MOST_LINES = 20;

/** The scenarios that do not hold with the units they are short; one line when all hold. */
export function renderScenarios({ scenarios, gaps }: PlanReport, width: number): string {
  if (scenarios.length === 0) return '';
  const failing = scenarios.filter(({ unplaced, shortUnits }) => unplaced > 0 || shortUnits > 0);
  if (failing.length === 0) {
    const names = [...new Set(scenarios.map(({ name }) => name))];
    const how = gaps.length === 0 ? 'holds' : 'holds, as far as could be seen';
    return wrap(`Every scenario ${how} [${names.join(', ')}].`, width);
  }
  const rows = failing
    .slice(0, MOST_LINES)
    .map((line) => [scenarioWords(line), ...[line.tasks, line.unplaced, line.shortUnits].map(String), line.name]);
  const columns = [{ head: 'does not hold' }, ...['tasks', 'no place', 'units short'].map(right), { head: 'scenario' }];
  const table = renderTable(columns, rows, width);
  const rest = failing.length - MOST_LINES;
  return rest > 0 ? `${table}\nand ${rest} more; --json has them all` : table;
}

function scenarioWords({ name, lost }: ScenarioLine): string {
  return lost === null ? SCENARIO_WORDS[name] : `${SCENARIO_WORDS[name]}: ${lost}`;
}
