// Composition root of `spotkeeper plan`: one look, printed.
import { PAGE_WIDTH } from '../cli/layout.ts';
import { renderPlan } from '../cli/render-plan.ts';
import type { Streams } from '../cli/writer.ts';
import type { ControllerConfig } from '../config/controller.ts';
import { EXIT, type ExitCode } from '../runtime/exit-codes.ts';
import { look } from './look.ts';

/** @returns 0, or 1 when something could not be seen. @throws Failure for an operator to mend */
export async function runPlan(
  config: ControllerConfig,
  options: { isJson: boolean; isByInstance: boolean; width: number | undefined },
  { stdout }: Streams,
): Promise<ExitCode> {
  const { plan, report, unfit } = await look(config);
  const { observedAt } = report;
  const { isJson, isByInstance, width = PAGE_WIDTH } = options;
  stdout.write(
    isJson
      ? `${JSON.stringify({ observedAt, unfit, plan, report }, null, 2)}\n`
      : renderPlan({ plan, report, unfit, isByInstance, width }),
  );
  return report.gaps.length === 0 ? EXIT.done : EXIT.failed;
}
