// Composition root of `spotkeeper pause` and `resume`. They need neither a controller nor its file.
import { userInfo } from 'node:os';
import { createEcsClient, createEcsCluster } from '../aws/ecs-cluster.ts';
import { PAGE_WIDTH } from '../cli/layout.ts';
import { pause, resume } from '../cli/orders/pause.ts';
import type { PauseOptions } from '../cli/orders/program.ts';
import { renderPaused, renderResumed } from '../cli/orders/render-orders.ts';
import type { FactsOptions } from '../cli/program-options.ts';
import type { Streams } from '../cli/writer.ts';
import type { ClusterConfig } from '../config/cluster.ts';
import type { Cluster } from '../ports/cluster.ts';
import { EXIT, type ExitCode } from '../runtime/exit-codes.ts';
import { systemClock } from '../runtime/system-clock.ts';

type Given<Options extends FactsOptions> = Options & { readonly width: number | undefined };

/** @returns 0, 3 when a longer pause stands. @throws Failure */
export async function runPause(
  config: ClusterConfig,
  options: Given<PauseOptions>,
  { stdout }: Streams,
): Promise<ExitCode> {
  const { isJson, width = PAGE_WIDTH, forMs, reason, isOfShrinking } = options;
  const now = systemClock.now();
  const of = isOfShrinking ? 'shrinking' : 'everything';
  const asked = { of, until: now + forMs, by: options.by ?? loginName(), reason } as const;
  const paused = await pause(clusterOf(config), asked, now);
  stdout.write(isJson ? toJson({ cluster: config.cluster, ...paused }) : renderPaused(paused, config.cluster, width));
  return paused.result === 'refused' ? EXIT.refused : EXIT.done;
}

/** @returns 0, 3 while the kill switch is on. @throws Failure */
export async function runResume(
  config: ClusterConfig,
  { isJson, width = PAGE_WIDTH }: Given<FactsOptions>,
  { stdout }: Streams,
): Promise<ExitCode> {
  const resumed = await resume(clusterOf(config), systemClock.now());
  stdout.write(
    isJson ? toJson({ cluster: config.cluster, ...resumed }) : renderResumed(resumed, config.cluster, width),
  );
  return resumed.stop === null ? EXIT.done : EXIT.refused;
}

function clusterOf({ cluster, region }: ClusterConfig): Cluster {
  return createEcsCluster({ cluster, client: createEcsClient({ region, policy: 'operator' }), clock: systemClock });
}

/** In a container a user may have an id and no name. */
function loginName(): string {
  try {
    return userInfo().username;
  } catch {
    return '';
  }
}

const toJson = (document: object): string => `${JSON.stringify(document, null, 2)}\n`;
