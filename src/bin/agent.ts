// `spotkeeper agent`: wires the agent of one container instance. The AWS SDK is loaded when it is first needed, so that the
// first question about a notice does not wait for it, and that is long before a notice: the agent says at its start that
// the instance is ready.
import { ResponseClock } from '../agent/act/response-clock.ts';
import { runAgentService } from '../agent/service.ts';
import { Announcer } from '../agent/tell/announcer.ts';
import { createEcsAgentIntrospection } from '../aws/ecs-introspection.ts';
import { createInstanceMetadata } from '../aws/instance-metadata.ts';
import { type AgentConfig, printableAgentConfig } from '../config/agent.ts';
import { processEnvironment, quietSdkNodeNotice } from '../config/environment.ts';
import { thisBoot } from '../runtime/boot.ts';
import { EXIT, type ExitCode } from '../runtime/exit-codes.ts';
import { createLogger } from '../runtime/logger.ts';
import { httpPoker } from '../runtime/poke-http.ts';
import { createSdNotify } from '../runtime/sd-notify.ts';
import { untilSignalled } from '../runtime/signals.ts';
import { systemClock } from '../runtime/system-clock.ts';
import { systemRng as rng } from '../runtime/system-rng.ts';
import { awsOf } from './agent-aws.ts';

/** Runs until SIGTERM or SIGINT. @throws Failure `not-on-ec2` when it is clear that this is no EC2 instance */
export async function runAgent(config: AgentConfig): Promise<ExitCode> {
  quietSdkNodeNotice();
  const { logLevel: level, isPretty: pretty, notifySocket: socket, watchdogUsec, metadataEndpoint } = config;
  const logger = createLogger({ level, pretty, name: 'agent' });
  const clock = new ResponseClock(systemClock, logger);
  // systemd asks for half of the time, and each ping costs a process: a poll moves the work on every second.
  const systemd = createSdNotify({ socket, watchdogUsec, pingShare: 1 / 2, clock, logger });
  const metadata = createInstanceMetadata({
    clock,
    ...(metadataEndpoint === null ? {} : { endpoint: metadataEndpoint }),
  });
  const signalled = untilSignalled();
  signalled.signal.addEventListener('abort', () => {
    logger.info({ signal: signalled.name() }, 'the agent ends');
    void systemd.stopping();
  });
  try {
    logger.info({ config: printableAgentConfig(config) }, 'the agent starts');
    await runAgentService(
      {
        ...{ metadata, clock, rng, logger, boot: thisBoot(config.bootId, clock), settings: config.response },
        ...config,
        ...awsOf({ region: config.region, metadata, clock }),
        introspection: createEcsAgentIntrospection({ endpoint: config.ecsAgentEndpoint, clock }),
        announcer: new Announcer({
          ...config,
          loadSender,
          poker: httpPoker,
          env: processEnvironment(),
          clock,
          rng,
          logger,
        }),
        onWatching: () => {
          logger.info({}, 'watching for interruption notices');
          void systemd.ready();
        },
        onPoll: () => void systemd.watchdog(),
        onBlind: (isBlind) => void systemd.status(isBlind ? 'blind: instance metadata cannot be read' : 'watching'),
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

/** Loaded only where there is a webhook to tell. */
async function loadSender() {
  const { createWebhookSender } = await import('../runtime/webhook-http.ts');
  return createWebhookSender();
}
