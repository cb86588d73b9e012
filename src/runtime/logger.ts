// Logging over pino, to standard error: standard output belongs to what a command was asked to print. Written
// synchronously, so the last line before an exit is never lost; our processes log decisions, not traffic.
import { type DestinationStream, destination, pino, stdSerializers, stdTimeFunctions } from 'pino';
import { PinoPretty } from 'pino-pretty';
import { explain, Failure } from '../ports/failure.ts';
import type { Logger } from '../ports/logger.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

const STDERR = 2;

/** JSON lines, or lines for people when `pretty`. `name` says which process speaks. */
export function createLogger(options: { level: LogLevel; pretty: boolean; name: string }): Logger {
  const { level, pretty, name } = options;
  return pino(
    {
      level,
      base: { name },
      timestamp: stdTimeFunctions.isoTime,
      // A word is searched for more often than pino's number, and means something without a table.
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: serializeError },
    },
    pretty ? prettyStderr() : plainStderr(),
  );
}

/** A Failure is somebody's to mend and told in a line; anything else is a bug of ours, and its stack is what we need. */
function serializeError(err: unknown): unknown {
  if (err instanceof Failure) return { code: err.code, message: explain(err) };
  return err instanceof Error ? stdSerializers.err(err) : err;
}

/** A log that cannot be written (a full disk) must not end the process whose work it tells of: that line is lost. */
function plainStderr(): DestinationStream {
  const stderr = destination({ dest: STDERR, sync: true });
  stderr.on('error', () => {});
  return stderr;
}

function prettyStderr(): DestinationStream {
  return PinoPretty({
    destination: STDERR,
    sync: true,
    colorize: process.stderr.isTTY,
    translateTime: 'SYS:HH:MM:ss.l',
  });
}
