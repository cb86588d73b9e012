// Composition root of `spotkeeper status`: one look and the lease, printed.
import { PAGE_WIDTH } from '../cli/layout.ts';
import { type LeaseFacts, renderStatus, type StatusFacts } from '../cli/render-status.ts';
import type { Streams } from '../cli/writer.ts';
import type { ControllerConfig } from '../config/controller.ts';
import { watchLease } from '../controller/watch-lease.ts';
import { guardOf } from '../plan/advice/guard.ts';
import { explain, Failure } from '../ports/failure.ts';
import { EXIT, type ExitCode } from '../runtime/exit-codes.ts';
import { systemClock } from '../runtime/system-clock.ts';
import { leaseStore } from './controller.ts';
import { look } from './look.ts';

/** @returns 0, or 1 when something could not be seen. @throws Failure for an operator to mend */
export async function runStatus(
  config: ControllerConfig,
  options: { isJson: boolean; width: number | undefined },
  { stdout }: Streams,
): Promise<ExitCode> {
  const [{ report, snapshot, unfit }, lease] = await Promise.all([look(config), readLease(config)]);
  const { isJson, width = PAGE_WIDTH } = options;
  const guard = guardOf(snapshot);
  stdout.write(isJson ? toJson({ report, lease, unfit, guard }) : renderStatus({ report, lease, unfit, guard, width }));
  return report.gaps.length === 0 && 'kept' in lease ? EXIT.done : EXIT.failed;
}

/** What only time can mend is a fact to print; the rest is for an operator and flies. */
async function readLease(config: ControllerConfig): Promise<LeaseFacts> {
  try {
    const store = leaseStore(config.lease, { ...config, policy: 'operator' });
    return await watchLease(store, { clock: systemClock, retryPeriodMs: config.lease.retryPeriodMs });
  } catch (error) {
    if (error instanceof Failure && error.kind === 'world') return { unseen: explain(error) };
    throw error;
  }
}

function toJson({ report, lease, unfit, guard }: StatusFacts): string {
  return `${JSON.stringify({ observedAt: report.observedAt, lease, unfit, guard, report }, null, 2)}\n`;
}
