// Reads a fault rule as the control API takes it: flat, one kind of effect with the fields that belong to it.
import type { FaultEffect, FaultRule } from '../faults.ts';
import { type Body, bodyWith, number, oneOf, optionalText, text, wholeNumber } from './body.ts';
import { ControlError } from './route.ts';

const FIELDS = ['service', 'action', 'caller', 'probability', 'count', 'kind'];
const EFFECT_FIELDS = ['latencyMs', 'code', 'status', 'message', 'when', 'reason'];
const KINDS = ['throttle', 'error', 'latency', 'drop', 'reset', 'truncate', 'garbage', 'hang-up', 'failures'] as const;

export function readFaultRule(value: unknown): FaultRule {
  const body = bodyWith(value, [...FIELDS, ...EFFECT_FIELDS]);
  const caller = optionalText(body, 'caller');
  return {
    service: text(body, 'service'),
    action: optionalText(body, 'action') ?? '*',
    ...(caller === null ? {} : { caller }),
    ...(body.probability === undefined ? {} : { probability: share(body) }),
    ...(body.count === undefined ? {} : { count: wholeNumber(body, 'count', 1) }),
    effect: readEffect(body),
  };
}

function share(body: Body): number {
  const probability = number(body, 'probability', 0);
  if (probability <= 1) return probability;
  throw new ControlError(400, `probability: expected at most 1, found ${probability}`);
}

function readEffect(body: Body): FaultEffect {
  const kind = oneOf(body, 'kind', KINDS);
  switch (kind) {
    case 'throttle':
    case 'reset':
    case 'truncate':
    case 'garbage':
    case 'hang-up':
      return { kind };
    case 'failures':
      return { kind, reason: optionalText(body, 'reason') ?? 'MISSING' };
    case 'error':
      return {
        kind,
        code: optionalText(body, 'code') ?? 'InternalFailure',
        status: body.status === undefined ? 500 : wholeNumber(body, 'status', 400),
        message: optionalText(body, 'message') ?? 'a fault injected on purpose',
      };
    case 'latency':
      return { kind, latencyMs: number(body, 'latencyMs', 0), when: whenOf(body) };
    case 'drop':
      return { kind, when: whenOf(body) };
    default:
      return kind satisfies never;
  }
}

function whenOf(body: Body): 'before' | 'after' {
  return body.when === undefined ? 'before' : oneOf(body, 'when', ['before', 'after']);
}
