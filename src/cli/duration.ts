// Durations as people say them: `90s`, `30m`, `1h`, `2d`.
import { InvalidArgumentError } from 'commander';

const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Of a command line, in milliseconds. @throws InvalidArgumentError, which commander tells with the option's name */
export function duration(text: string): number {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (count === undefined || unit === undefined || Number(count) === 0) {
    throw new InvalidArgumentError('Expected a duration such as 90s, 30m, 1h or 2d.');
  }
  return Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS]; // one of the four, by the expression
}

/** In the largest unit that says it exactly: `90s`, `30m`, `1h`. */
export function inDuration(durationMs: number): string {
  for (const unit of ['d', 'h', 'm'] as const) {
    if (durationMs >= UNIT_MS[unit] && durationMs % UNIT_MS[unit] === 0) return `${durationMs / UNIT_MS[unit]}${unit}`;
  }
  return `${Math.ceil(durationMs / UNIT_MS.s)}s`;
}
