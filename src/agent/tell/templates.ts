// What a webhook is sent: the event as JSON for programs, or one sentence for people in the form that Slack takes.
import type { SignalKind } from '../signals/signal.ts';
import type { AgentEvent } from './event.ts';

export type Template = 'slack' | 'json';

export function bodyOf(template: Template, event: AgentEvent): string {
  switch (template) {
    case 'json':
      return JSON.stringify(event);
    case 'slack':
      return JSON.stringify({ text: escapeForSlack(sentenceOf(event)) });
    default:
      return template satisfies never;
  }
}

/** What, where and until when: `i-0abc in cluster production: EC2 takes the Spot instance back (terminate), deadline ...`. */
export function sentenceOf(event: AgentEvent): string {
  const { instanceId, cluster } = event;
  const where = cluster === null ? instanceId : `${instanceId} in cluster ${cluster}`;
  return `${where}: ${whatOf(event)}`;
}

function whatOf(event: AgentEvent): string {
  const { moment, deadline } = event;
  const until = deadline === null ? '' : `, deadline ${readable(deadline)}`;
  switch (moment) {
    case 'notice':
      return `${causeOf(event)}${until}`;
    case 'before-stop':
      return `tasks that are still here are about to be stopped, because ${causeOf(event)}${until}`;
    case 'drained':
      return `drained, because ${causeOf(event)}${until}`;
    case 'uncordoned':
      return `back in service; no longer: ${causeOf(event)}`;
    default:
      return moment satisfies never;
  }
}

const CAUSES: Readonly<Record<SignalKind, string>> = {
  interruption: 'EC2 takes the Spot instance back',
  'host-shutdown': 'the host shuts down',
  'target-state': 'its Auto Scaling group takes it out of service',
  maintenance: 'AWS has scheduled maintenance',
  rebalance: 'EC2 recommends to rebalance, as an interruption has become more likely',
};

function causeOf({ signal, action }: AgentEvent): string {
  return action === null ? CAUSES[signal] : `${CAUSES[signal]} (${action})`;
}

/** `2026-11-21T15:02:00.000Z` as `2026-11-21 15:02:00 UTC`. */
function readable(instant: string): string {
  return instant.replace('T', ' ').replace(/(?:\.\d+)?Z$/, ' UTC');
}

/** https://docs.slack.dev/messaging/formatting-message-text#escaping */
function escapeForSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
