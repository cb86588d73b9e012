// Why the agent of an instance keeps it out of service, by the notice that it has written on it.
import type { Notice } from '../../model/attributes.ts';

/** What follows "out of service for". */
export function noticeWords({ kind, deadlineAt }: Notice): string {
  const at = new Date(deadlineAt).toISOString().replace(/\.\d{3}Z$/, 'Z');
  switch (kind) {
    case 'interruption':
      return `an interruption at ${at}`;
    case 'target-state':
      return `its Auto Scaling group, which waits until ${at}`;
    case 'maintenance':
      return `maintenance that may begin at ${at}`;
    case 'host-shutdown':
      return `the shutdown of its host, which waits until ${at}`;
    case 'rebalance':
      return `a rebalance recommendation of ${at}`;
    default:
      return kind satisfies never;
  }
}
