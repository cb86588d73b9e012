// What goes wrong around the agent in the fault matrix: the rules of each fault, and when it begins and ends. Faults end in
// time for what must be done before the deadline, as nobody can do it through an outage that lasts until the power goes.
import type { FaultEffect, FaultRule } from '../../src/sandbox/faults.ts';
import type { AgentStage } from './agent-stage.ts';

type Rule = Omit<FaultRule, 'service'>;

const all = (effect: FaultEffect, probability?: number): Rule => ({
  action: '*',
  effect,
  ...(probability === undefined ? {} : { probability }),
});
const error = (code: string, status: number): FaultEffect => ({ kind: 'error', code, status, message: 'not now' });

/** Of instance metadata. */
const IMDS_RULES = {
  works: [],
  busy: [all({ kind: 'throttle' })],
  /** A question that needs a token first does not fit in its time any more. */
  slow: [all({ kind: 'latency', latencyMs: 700 })],
  silent: [all({ kind: 'latency', latencyMs: 5_000 })],
  'takes no token': [{ action: 'GET *', effect: error('Unauthorized', 401) }],
  /** With `forgetTokens`: the old ones hold no longer, and there are no new ones. */
  'gives no token': [{ action: 'PUT *', effect: error('Unavailable', 503) }],
  nonsense: [all({ kind: 'truncate' }, 0.5), all({ kind: 'garbage' }, 0.8)],
  resets: [all({ kind: 'reset' }, 0.8)],
  'hangs up': [all({ kind: 'hang-up' })],
  /** The notice disappears, and comes true all the same. */
  'loses the notice': [{ action: 'GET /latest/meta-data/spot/instance-action', effect: error('Not Found', 404) }],
} as const satisfies Record<string, readonly Rule[]>;

const ECS_RULES = {
  works: [],
  throttles: [all({ kind: 'throttle' })],
  'is broken': [all(error('ServerException', 500), 0.6), all({ kind: 'garbage' })],
  hangs: [all({ kind: 'latency', latencyMs: 30_000 })],
  resets: [all({ kind: 'reset' })],
  'loses answers': [all({ kind: 'drop', when: 'after' })],
  /** As with a clock or a region that is wrong, and with credentials that came too late. */
  'takes no signature': [all(error('InvalidSignatureException', 400), 0.5), all(error('ExpiredTokenException', 400))],
  'lists failures': [all({ kind: 'failures', reason: 'AGENT' })],
} as const satisfies Record<string, readonly Rule[]>;

export type ImdsFault = keyof typeof IMDS_RULES;
export type EcsFault = keyof typeof ECS_RULES;
// As they were written down, which Object.keys cannot say.
export const IMDS_FAULTS = Object.keys(IMDS_RULES) as ImdsFault[];
export const ECS_FAULTS = Object.keys(ECS_RULES) as EcsFault[];

/** In effect until the function it returns is called. */
export function breakImds(stage: AgentStage, fault: ImdsFault): () => void {
  const end = inForce(stage, 'imds', IMDS_RULES[fault]);
  if (fault === 'gives no token') stage.sandbox.forgetTokens(stage.instanceId);
  return end;
}

/** In effect until the function it returns is called. */
export function breakEcs(stage: AgentStage, fault: EcsFault): () => void {
  return inForce(stage, 'ecs', ECS_RULES[fault]);
}

function inForce(stage: AgentStage, service: string, rules: readonly Rule[]): () => void {
  const ends = rules.map(({ effect, ...rest }) => stage.fault(service, effect, rest));
  return () => {
    for (const end of ends) end();
  };
}
