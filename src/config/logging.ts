// The two settings of logging, the same for every process.
import type { Environment } from './environment.ts';
import { oneOf } from './format.ts';
import type { Setting } from './settings.ts';

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
const FORMATS = ['auto', 'json', 'pretty'] as const;

export type LogLevel = (typeof LEVELS)[number];
export type LogFormat = (typeof FORMATS)[number];

export const LOG_SETTINGS = {
  'log.level': {
    doc: 'What is logged: `info` holds decisions, changes and life-cycle steps, `debug` adds every observation.',
    format: oneOf(LEVELS),
    default: 'info',
    env: ['SPOTKEEPER_LOG_LEVEL'],
    option: '--log-level',
  },
  'log.format': {
    doc: 'How it is logged, always to standard error: JSON lines, or lines for people. `auto` is for people on a terminal.',
    format: oneOf(FORMATS),
    default: 'auto',
    env: ['SPOTKEEPER_LOG_FORMAT'],
  },
} as const satisfies { 'log.level': Setting<LogLevel>; 'log.format': Setting<LogFormat> };

/** What a process needs from outside the files to read its configuration. */
export interface ConfigInput {
  /** Texts from the command line by dotted key, as `{ 'log.level': 'debug' }`. */
  readonly flags: Readonly<Record<string, string | undefined>>;
  readonly env: Environment;
  /** The configuration file; null takes SPOTKEEPER_CONFIG, and where that is not set there is no file. */
  readonly file: string | null;
  /** Whether standard error is a terminal. */
  readonly isTerminal: boolean;
}

/** Whether log lines are for people. */
export function isPrettyLog(format: LogFormat, isTerminal: boolean): boolean {
  return format === 'pretty' || (format === 'auto' && isTerminal);
}
