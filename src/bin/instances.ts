// Composition root of `spotkeeper cordon`, `uncordon`, `drain` and `replace`: the cluster, the named instances, and what is done to
// them. They need neither a controller nor its file.
import { createEcsClient, createEcsCluster } from '../aws/ecs-cluster.ts';
import { cordon } from '../cli/instances/cordon.ts';
import { drain, failuresOf } from '../cli/instances/drain.ts';
import { findInstances } from '../cli/instances/find-instances.ts';
import { type Followed, type Following, followDrain } from '../cli/instances/follow-drain.ts';
import { type Outcome, worstOf } from '../cli/instances/outcome.ts';
import type { CordonOptions, DrainOptions, InstancesOptions, ReplaceOptions } from '../cli/instances/program.ts';
import { cordonJson, renderCordon, renderUncordon } from '../cli/instances/render-cordon.ts';
import { drainJson, renderDrain } from '../cli/instances/render-drain.ts';
import { renderReplace } from '../cli/instances/render-replace.ts';
import { followReplacement, replace } from '../cli/instances/replace.ts';
import { uncordon } from '../cli/instances/uncordon.ts';
import { PAGE_WIDTH } from '../cli/layout.ts';
import type { Streams } from '../cli/writer.ts';
import type { ClusterConfig } from '../config/cluster.ts';
import type { ContainerInstanceArn } from '../model/ids.ts';
import { restraintOf } from '../plan/restraint.ts';
import type { Cluster } from '../ports/cluster.ts';
import { EXIT, type ExitCode, INTERRUPTED } from '../runtime/exit-codes.ts';
import { untilSignalled } from '../runtime/signals.ts';
import { systemClock } from '../runtime/system-clock.ts';

type Given<Options extends InstancesOptions> = Options & { readonly width: number | undefined };

/** @returns 0, 3 when services would still place tasks there, 1 or 2 when something failed */
export async function runCordon(
  config: ClusterConfig,
  options: Given<CordonOptions>,
  { stdout }: Streams,
): Promise<ExitCode> {
  const cluster = await clusterOf(config);
  const instances = await findInstances(cluster, config.cluster, options.instances);
  const report = await cordon(cluster, instances, { mayDrain: options.mayDrain });
  const { isJson, width = PAGE_WIDTH } = options;
  stdout.write(isJson ? toJson(cordonJson(report, config)) : renderCordon(report, config, width));
  const unseen = report.unseen === null ? [] : [{ failure: report.unseen, isRefused: false }];
  return worstOf([...report.instances, ...unseen]);
}

/** @returns 0, 3 when an instance is left as it is for a reason, 1 or 2 when something failed */
export async function runUncordon(
  config: ClusterConfig,
  options: Given<InstancesOptions>,
  { stdout }: Streams,
): Promise<ExitCode> {
  const cluster = await clusterOf(config);
  const outcomes = await uncordon(cluster, await findInstances(cluster, config.cluster, options.instances));
  const { isJson, width = PAGE_WIDTH } = options;
  const { cluster: name } = config;
  stdout.write(isJson ? toJson({ cluster: name, instances: outcomes }) : renderUncordon(outcomes, width));
  return worstOf(outcomes);
}

/** @returns 0, 4 when the time to wait is over, 130 after Ctrl-C, 1 or 2 when something failed */
export async function runDrain(
  config: ClusterConfig,
  options: Given<DrainOptions>,
  { stdout, stderr }: Streams,
): Promise<ExitCode> {
  const cluster = await clusterOf(config);
  const instances = await findInstances(cluster, config.cluster, options.instances);
  const { isJson, width = PAGE_WIDTH } = options;
  const outcomes = await drain(cluster, instances);
  // What stands in the way is to be known before the waiting, not after it.
  if (options.isWaiting && !isJson) stdout.write(renderDrain(outcomes, null, width));
  const draining = outcomes.filter(({ result }) => result !== 'failed');
  const followed = options.isWaiting
    ? await follow(draining, options, {
        stderr,
        goesOn: 'the drain goes on; spotkeeper uncordon takes it back',
        look: (arns, following) => followDrain(cluster, arns, following),
      })
    : null;
  if (isJson) stdout.write(toJson(drainJson(config.cluster, outcomes, followed)));
  else if (followed === null) stdout.write(renderDrain(outcomes, null, width));
  else if (followed.end === 'drained') stdout.write(`${outcomes.length === 1 ? 'drained' : 'all drained'}\n`);
  if (followed?.end === 'interrupted') return INTERRUPTED;
  const worst = worstOf([...outcomes, ...failuresOf(outcomes)]);
  return followed?.end === 'timed-out' && worst === EXIT.done ? EXIT.timedOut : worst;
}

/** @returns 0, 3 when an instance is left as it is for a reason, 4 when the time to wait is over, 130 after Ctrl-C */
export async function runReplace(
  config: ClusterConfig,
  options: Given<ReplaceOptions>,
  { stdout, stderr }: Streams,
): Promise<ExitCode> {
  const { instances: names, isJson, isWaiting, width = PAGE_WIDTH } = options;
  const cluster = await clusterOf(config);
  const instances = names.length === 0 ? [] : await findInstances(cluster, config.cluster, names);
  const { orders } = await cluster.operatorWords();
  const now = systemClock.now();
  const restraint = restraintOf({ snapshot: { orders }, policy: { mode: config.mode ?? 'full' }, now }, []);
  const outcomes = await replace(cluster, instances, { ...options, now });
  const { cluster: name } = config;
  const { holds } = restraint;
  stdout.write(
    isJson ? toJson({ cluster: name, instances: outcomes, holds }) : renderReplace(outcomes, restraint, width),
  );
  const worst = worstOf(outcomes);
  const wished = outcomes.filter(({ result }) => result === 'wished' || result === 'wished-already');
  if (!isWaiting || wished.length === 0) return worst;
  const followed = await follow(wished, options, {
    stderr,
    goesOn: 'the wish stands; spotkeeper replace --undo takes it back',
    look: (arns, following) => followReplacement(cluster, arns, following),
  });
  if (followed.end === 'interrupted') return INTERRUPTED;
  return followed.end === 'timed-out' && worst === EXIT.done ? EXIT.timedOut : worst;
}

interface Way {
  readonly stderr: Streams['stderr'];
  /** What is so when nobody waits any more. */
  readonly goesOn: string;
  look(arns: readonly ContainerInstanceArn[], following: Following): Promise<Followed>;
}

async function follow(
  outcomes: readonly Outcome[],
  { timeoutMs }: Pick<DrainOptions, 'timeoutMs'>,
  { stderr, goesOn, look }: Way,
): Promise<Followed> {
  const arns = outcomes.map(({ containerInstanceArn }) => containerInstanceArn);
  const signalled = untilSignalled();
  const say = (text: string) => stderr.write(`spotkeeper: ${text}\n`);
  try {
    const followed = await look(arns, { clock: systemClock, signal: signalled.signal, timeoutMs, say });
    if (followed.end === 'interrupted') say(`not waiting any longer: ${goesOn}`);
    if (followed.end === 'timed-out') say(`the time to wait is over: ${goesOn}`);
    return followed;
  } catch (error) {
    say(`cannot be followed any longer: ${goesOn}`);
    throw error;
  } finally {
    signalled.dispose();
  }
}

async function clusterOf({ cluster: name, region }: ClusterConfig): Promise<Cluster> {
  const cluster = createEcsCluster({
    cluster: name,
    client: createEcsClient({ region, policy: 'operator' }),
    clock: systemClock,
  });
  await cluster.verify();
  return cluster;
}

const toJson = (document: object): string => `${JSON.stringify(document, null, 2)}\n`;
