// `spotkeeper agent`: wires the agent of one container instance. The AWS SDK is loaded only after the watch runs, so that
// the first question about a notice does not wait for it, but well before a notice: at that moment nothing may depend on
// reading files that a package upgrade could have replaced.
import { runAgentService } from '../agent/service.ts';
import { createEcsAgentIntrospection } from '../aws/ecs-introspection.ts';
import { createInstanceMetadata } from '../aws/instance-metadata.ts';
import type { AgentConfig } from '../config/agent.ts';
import { quietSdkNodeNotice } from '../config/environment.ts';
import type { Cluster } from '../ports/cluster.ts';
import type { InstanceMetadata } from '../ports/metadata.ts';
import { EXIT, type ExitCode } from '../runtime/exit-codes.ts';
import { createLogger } from '../runtime/logger.ts';
import { createSdNotify } from '../runtime/sd-notify.ts';
import { untilSignalled } from '../runtime/signals.ts';
import { systemClock as clock } from '../runtime/system-clock.ts';
import { systemRng as rng } from '../runtime/system-rng.ts';

/** Runs until SIGTERM or SIGINT. @throws Failure `not-on-ec2` when it is clear that this is no EC2 instance */
export async function runAgent(config: AgentConfig): Promise<ExitCode> {
  quietSdkNodeNotice();
  const logger = createLogger({ level: config.logLevel, pretty: config.isPretty, name: 'agent' });
  const { notifySocket: socket, watchdogUsec, pollSeconds, stopMarginSeconds, metadataEndpoint } = config;
  const systemd = createSdNotify({ socket, watchdogUsec, clock, logger });
  const metadata = createInstanceMetadata({ endpoint: metadataEndpoint, clock });
  const signalled = untilSignalled();
  signalled.signal.addEventListener('abort', () => {
    logger.info({ signal: signalled.name() }, 'the agent ends');
    void systemd.stopping();
  });
  try {
    logger.info({ pollSeconds, stopMarginSeconds, metadataEndpoint }, 'the agent starts');
    await runAgentService(
      {
        metadata,
        introspection: createEcsAgentIntrospection({ endpoint: config.ecsAgentEndpoint, clock }),
        openCluster: clusterOpener(config.region, metadata),
        clock,
        rng,
        logger,
        pollMs: pollSeconds * 1_000,
        stopMarginMs: stopMarginSeconds * 1_000,
        onWatching: () => {
          logger.info({}, 'watching for interruption notices');
          void systemd.ready();
        },
        onPoll: () => void systemd.watchdog(),
      },
      signalled.signal,
    );
    return EXIT.done;
  } catch (err) {
    // Whoever reads only the log must find its end there; the command says it on standard error for everybody else.
    logger.error({ err }, 'the agent cannot go on');
    throw err;
  } finally {
    signalled.dispose();
  }
}

/** Opens a cluster's API once per name. Reads and urgent writes have clients, and so retry budgets, of their own. */
function clusterOpener(region: string | null, metadata: InstanceMetadata): (name: string) => Promise<Cluster> {
  const open = new Map<string, Cluster>();
  return async (name) => {
    const known = open.get(name);
    if (known !== undefined) return known;
    const { createEcsClient, createEcsCluster } = await import('../aws/ecs-cluster.ts');
    const settings = { region: region ?? (await metadata.region()) };
    const [client, writer] = [createEcsClient(settings), createEcsClient(settings)];
    const cluster = createEcsCluster({ cluster: name, client, writer, clock });
    open.set(name, cluster);
    return cluster;
  };
}
