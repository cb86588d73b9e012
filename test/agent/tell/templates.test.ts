import { describe, expect, it } from 'vitest';
import type { AgentEvent } from '../../../src/agent/tell/event.ts';
import { bodyOf, sentenceOf } from '../../../src/agent/tell/templates.ts';

const EVENT: AgentEvent = {
  moment: 'notice',
  signal: 'interruption',
  action: 'terminate',
  deadline: '2026-11-21T15:02:00.000Z',
  instanceId: 'i-1',
  cluster: 'production',
  containerInstanceArn: 'arn:1',
};

describe('the sentence for people', () => {
  it.each([
    [{}, 'i-1 in cluster production: EC2 takes the Spot instance back (terminate), deadline 2026-11-21 15:02:00 UTC'],
    [
      { signal: 'rebalance', action: null, deadline: null, cluster: null },
      'i-1: EC2 recommends to rebalance, as an interruption has become more likely',
    ],
    [
      { moment: 'before-stop', signal: 'host-shutdown', action: null },
      'i-1 in cluster production: tasks that are still here are about to be stopped, because the host shuts down, deadline 2026-11-21 15:02:00 UTC',
    ],
    [
      { moment: 'drained', signal: 'target-state', action: 'Terminated', deadline: null },
      'i-1 in cluster production: drained, because its Auto Scaling group takes it out of service (Terminated)',
    ],
    [
      { moment: 'uncordoned', signal: 'maintenance', action: 'system-reboot' },
      'i-1 in cluster production: back in service; no longer: AWS has scheduled maintenance (system-reboot)',
    ],
  ] satisfies [Partial<AgentEvent>, string][])('for %o is right', (over, sentence) => {
    expect(sentenceOf({ ...EVENT, ...over })).toBe(sentence);
  });

  it('is no markup for Slack, whatever a name holds', () => {
    const { text } = JSON.parse(bodyOf('slack', { ...EVENT, cluster: '<!channel> & co' }));
    expect(text).toContain('in cluster &lt;!channel&gt; &amp; co:');
  });
});
