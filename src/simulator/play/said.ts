// What processes log, as far as it is worth a line of a transcript.
import { Failure } from '../../ports/failure.ts';
import type { Logger } from '../../ports/logger.ts';

export type LogLevel = 'info' | 'warn' | 'error';
export type Said = (level: LogLevel, message: string, fields: Readonly<Record<string, unknown>>) => void;

/** A logger that hands on everything but what is for debugging. */
export function loggerTo(said: Said): Logger {
  const at = (level: LogLevel) => (fields: object, message: string) => said(level, message, { ...fields });
  return { debug: () => {}, info: at('info'), warn: at('warn'), error: at('error') };
}

/** What an error in the fields of a log line comes to: its code, or its message; empty where there is none. */
export function errorIn({ err }: Readonly<Record<string, unknown>>): string {
  if (err instanceof Failure) return ` (${err.code})`;
  return err instanceof Error ? ` (${err.message})` : '';
}
