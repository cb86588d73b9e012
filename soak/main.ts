// Plays random worlds, one after the other, and says of each whether every invariant held. A seed that broke one is told
// with the command that plays it again.
import process from 'node:process';
import { parseArgs } from 'node:util';
import { play } from '../src/simulator/play/play.ts';
import { renderLine } from '../src/simulator/play/told.ts';
import { randomScenario } from '../src/simulator/random/random-scenario.ts';

const { values } = parseArgs({
  options: {
    /** How many, from `--seed` on. */
    seeds: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    /** Of virtual time, each. */
    hours: { type: 'string', default: '24' },
    /** Prints everything that happened. */
    transcript: { type: 'boolean', default: false },
  },
});

const [first, count, hours] = [Number(values.seed), Number(values.seeds), Number(values.hours)];
if (![first, count, hours].every((number) => Number.isFinite(number) && number >= 0)) {
  throw new Error('--seed, --seeds and --hours take numbers');
}

let broken = 0;
for (let seed = first; seed < first + count; seed += 1) {
  const startedMs = performance.now();
  const { lines, violations, passes } = await play(randomScenario(seed, hours));
  if (values.transcript) say(lines.map(renderLine).join('\n'));
  const took = ((performance.now() - startedMs) / 1_000).toFixed(1);
  const verdict = violations.length === 0 ? 'every invariant held' : `${violations.length} violations`;
  say(`seed ${seed}: ${hours} h, ${passes} passes, ${lines.length} lines in ${took} s: ${verdict}`);
  if (violations.length === 0) continue;
  broken += 1;
  for (const { atMs, invariant, what } of violations.slice(0, 5)) {
    say(`  ${renderLine({ atMs, who: invariant, what })}`);
  }
  say(`  npm run soak -- --seed ${seed} --seeds 1 --hours ${hours} --transcript`);
}
say(`${count - broken} of ${count} seeds clean`);
process.exitCode = broken === 0 ? 0 : 1;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
