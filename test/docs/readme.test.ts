// The README says what the code does. Where the two differ, the message shows the table as it should be.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { HOOK_VARIABLES } from '../../src/agent/tell/hooks.ts';
import { dimensionsOf } from '../../src/aws/cloudwatch-metrics.ts';
import {
  CONFLICT_ADVICE,
  CONFLICT_WORDS,
  FREEZE_WORDS,
  HOLD_WORDS,
  OBSTACLE_WORDS,
  PART_WORDS,
  RETIREMENT_WORDS,
  SCALE_IN_WORDS,
  SCENARIO_WORDS,
  SET_ASIDE_WORDS,
  STANDING_WORDS,
  TARGET_WORDS,
  UNREMOVABLE_WORDS,
} from '../../src/cli/words.ts';
import { AGENT_SETTINGS } from '../../src/config/agent-settings.ts';
import { CONTROLLER_SETTINGS } from '../../src/config/controller-settings.ts';
import { FIXED_KEYS, isIdentity } from '../../src/config/fixed-keys.ts';
import { FLEET_SETTINGS } from '../../src/config/fleet.ts';
import { figuresOf, MOST_SHAPES } from '../../src/controller/figures.ts';
import { GAUGES } from '../../src/controller/prometheus.ts';
import { PERMISSIONS } from '../../src/model/iam/permission.ts';
import { FAILURE_CODES } from '../../src/ports/failure.ts';
import { EXIT, INTERRUPTED } from '../../src/runtime/exit-codes.ts';
import { aLine, aReport, aShape } from '../support/report-builder.ts';
import {
  cells,
  conflictsTable,
  firstCells,
  gaugesTable,
  permissionsTable,
  settingsTable,
  wordsTable,
} from './tables.ts';

const readme = readFileSync('README.md', 'utf8');

describe('the README', () => {
  it.each([
    ['agent', AGENT_SETTINGS],
    ['controller', CONTROLLER_SETTINGS],
    ['fleet', FLEET_SETTINGS],
  ])('lists every key of the %s configuration as it is', (_name, table) => {
    expect(readme).toContain(`\n\n${settingsTable(table)}\n\n`);
  });

  it.each([
    ['target', TARGET_WORDS],
    ['scale-in', SCALE_IN_WORDS],
    ['may not leave', UNREMOVABLE_WORDS],
    ['standing', STANDING_WORDS],
    ['retirement', RETIREMENT_WORDS],
    ['part', PART_WORDS],
    ['obstacle', OBSTACLE_WORDS],
    ['scenario', SCENARIO_WORDS],
    ['set aside', SET_ASIDE_WORDS],
    ['held by', HOLD_WORDS],
    ['frozen by', FREEZE_WORDS],
  ])('explains every reason of %s in the words of the report', (head, words) => {
    expect(readme).toContain(`\n\n${wordsTable(head, words)}\n\n`);
  });

  it('names every conflict, with what to do', () => {
    expect(readme).toContain(`\n\n${conflictsTable(CONFLICT_WORDS, CONFLICT_ADVICE)}\n\n`);
  });

  it('lists every metric with its dimensions', () => {
    const published = figures({ shapes: 1, instances: 1 }).map((metric) => [
      metric.name,
      dimensionsOf(metric, 'production')
        .map(({ Name }) => Name)
        .join(', '),
    ]);
    expect(cells(readme, '## Metrics').map((row) => row.slice(0, 2))).toEqual(published);
  });

  it('says for how many shapes there are metrics', () => {
    expect(readme).toContain(`at most ${MOST_SHAPES} of them have metrics of their own`);
  });

  it.each([
    ['one fleet, 3 largest shapes', { shapes: 3, instances: 0 }],
    ['one fleet, 10 largest shapes or more', { shapes: 40, instances: 0 }],
    ['one fleet, 3 largest shapes, `perInstance`, 100 instances', { shapes: 3, instances: 100 }],
    ['one fleet, 3 largest shapes, `perInstance`, 1,000 instances', { shapes: 3, instances: 1_000 }],
  ])('has the price of the metrics right for %s', (cluster, size) => {
    const metrics = figures(size).length;
    // A call a minute for each thousand figures, 730 hours a month.
    const requests = Math.ceil(metrics / 1_000) * 60 * 730;
    const dollars = (metrics * 0.3 + (requests / 1_000) * 0.01).toFixed(2);
    const [count, calls] = [metrics, requests].map((number) => number.toLocaleString('en-US'));
    expect(readme).toContain(`| ${cluster} | ${count} | ${calls} | $${dollars} |`);
  });

  it('lists every gauge for Prometheus as it is', () => {
    expect(readme).toContain(`\n\n${gaugesTable(GAUGES)}\n\n`);
  });

  it('lists every variable that a hook sees', () => {
    expect(firstCells(readme, '### Hooks')).toEqual(Object.keys(HOOK_VARIABLES));
  });

  it('lists every exit code', () => {
    expect(firstCells(readme, '### Exit codes')).toEqual([...Object.values(EXIT), INTERRUPTED].map(String));
  });

  it('lists every error code', () => {
    expect(firstCells(readme, '### Error codes')).toEqual(Object.keys(FAILURE_CODES));
  });

  it.each(Object.entries(PERMISSIONS))('lists every AWS permission of the %s as it is', (_name, permissions) => {
    expect(readme).toContain(`\n\n${permissionsTable(permissions)}\n\n`);
  });

  it('lists every AWS permission that is used, and no other', () => {
    const listed = Object.values(PERMISSIONS).flatMap((permissions) => permissions.map(({ action }) => action));
    const used = new Set([...permissionsUsed(), ...BY_HAND]);
    const howTo = 'src/model/iam/permission.ts says how a permission is added';
    expect([...new Set(listed)].sort(), howTo).toEqual([...used].sort());
  });

  it('links only to files that are there', () => {
    const links = [...readme.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, path]) => path ?? '');
    expect(links.filter((path) => !existsSync(path))).toEqual([]);
    expect(links.length).toBeGreaterThan(0);
  });

  it('names every key that takes effect after a restart', () => {
    const sentence = /with its old and new value\. (.*?)take effect after a restart/s.exec(readme)?.[1] ?? '';
    const named = [...sentence.matchAll(/`([\w.]+)\*?`/g)].map(([, key = '']) => key);
    expect(named.sort()).toEqual(FIXED_KEYS.filter((key) => !isIdentity(key)).sort());
  });

  it('begins to install in a mode that gives nothing away', () => {
    const steps = readme.slice(readme.indexOf('### Once per cluster: the controller'));
    const order = ['mode: recommend', 'enable --now spotkeeper-controller', 'mode: full`. No restart'];
    const places = order.map((step) => steps.indexOf(step));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
    // What the step changes is there to be changed.
    expect(readFileSync('config/controller.yaml', 'utf8')).toMatch(/^mode: full /m);
  });

  it('names only settings that exist', () => {
    const settings = [AGENT_SETTINGS, CONTROLLER_SETTINGS].flatMap((table) =>
      Object.values(table).flatMap(({ env }) => env),
    );
    const known = [...settings, ...Object.keys(HOOK_VARIABLES)];
    const named = [...readme.matchAll(/\bSPOTKEEPER_[A-Z_]+\b/g)].map(([name]) => name);
    expect(named.filter((name) => name !== 'SPOTKEEPER_CONFIG' && !(known as string[]).includes(name))).toEqual([]);
  });
});

/** What a cluster with so many largest shapes publishes, a loss to survive included. */
function figures({ shapes, instances }: { shapes: number; instances: number }) {
  const report = aReport({
    shapes: Array.from({ length: shapes }, (_, index) =>
      aShape({ shape: `shape-${index}`, afterLoss: { pool: 'm5.large us-east-1a', schedulable: 1 } }),
    ),
    ledger: Array.from({ length: instances }, (_, index) => aLine(`i-${index}`)),
  });
  return figuresOf(report, { fleet: 'general', placementFailures: 0, isByInstance: instances > 0 });
}

/** What people do with the AWS CLI, as this README tells them. */
const BY_HAND = ['ecs:TagResource', 'ecs:UntagResource'];

/** Where IAM calls a service otherwise than the SDK. */
const PREFIX: Readonly<Record<string, string>> = { 'elastic-load-balancing-v2': 'elasticloadbalancing' };

/** `ecs:StopTask` for every command that `src/aws` imports from the SDK. */
function permissionsUsed(): string[] {
  const files = readdirSync('src/aws', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join('src/aws', name), 'utf8'));
  const permissions = files.flatMap((text) =>
    [...text.matchAll(/import \{([^}]*)\} from '@aws-sdk\/client-([\w-]+)'/g)].flatMap(([, names = '', client = '']) =>
      [...names.matchAll(/\b(\w+)Command\b/g)].map(([, action]) => `${PREFIX[client] ?? client}:${action}`),
    ),
  );
  return [...new Set(permissions)].sort();
}
