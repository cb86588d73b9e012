import { describe, expect, it } from 'vitest';
import type { PolicyDocument, Statement } from '../../../src/model/iam/document.ts';
import { assertUnderstood, decide } from '../../../src/sandbox/iam/evaluate.ts';

const ARN = 'arn:aws:ecs:us-east-1:123456789012:cluster/web';
const target = { arn: ARN, keys: { 'ecs:cluster': ARN } };

function policy(...statements: Partial<Statement>[]): PolicyDocument {
  const all = { Effect: 'Allow', Action: 'ecs:StopTask', Resource: '*' } as const;
  return { Version: '2012-10-17', Statement: statements.map((statement) => ({ ...all, ...statement })) };
}

const decided = (document: PolicyDocument) => decide(document, 'ecs:StopTask', target);

describe('a policy allows an action', () => {
  it.each<[string, Partial<Statement>]>([
    ['that it names', {}],
    ['among others', { Action: ['ecs:RunTask', 'ecs:StopTask'] }],
    ['in other letters, as IAM does', { Action: 'ECS:stoptask' }],
    ['by a wildcard', { Action: 'ecs:*Task' }],
    ['on the resource it names', { Resource: ARN }],
    ['on a resource that a pattern fits', { Resource: ['arn:aws:ecs:*:cluster/w?b'] }],
    ['where a condition holds', { Condition: { ArnEquals: { 'ecs:cluster': ARN } } }],
    ['where a key is written in other letters', { Condition: { ArnLike: { 'ECS:Cluster': '*/web' } } }],
    ['where one of several values fits', { Condition: { StringEquals: { 'ecs:cluster': ['other', ARN] } } }],
  ])('%s', (_case, statement) => {
    expect(decided(policy(statement))).toBe('allowed');
  });
});

describe('a policy does not allow an action', () => {
  it.each<[string, Partial<Statement>]>([
    ['that it does not name', { Action: 'ecs:RunTask' }],
    ['of which it names the beginning', { Action: 'ecs:Stop' }],
    ['on another resource', { Resource: 'arn:aws:ecs:us-east-1:123456789012:cluster/web2' }],
    ['where a dot would stand for any letter', { Resource: ARN.replace('cluster', 'clust.r') }],
    ['where a condition does not hold', { Condition: { ArnEquals: { 'ecs:cluster': `${ARN}-2` } } }],
    ['where the request brings no such key', { Condition: { StringLike: { 'ecs:service': '*' } } }],
    ['where one of two conditions fails', { Condition: { StringLike: { 'ecs:cluster': '*', 'ecs:task': '*' } } }],
    ['where a wildcard stands in StringEquals', { Condition: { StringEquals: { 'ecs:cluster': '*' } } }],
  ])('%s', (_case, statement) => {
    expect(decided(policy(statement))).toBe('not-allowed');
  });

  it('that another statement denies, in either order', () => {
    const deny = { Effect: 'Deny', Action: 'ecs:*' } as const;
    expect(decided(policy({}, deny))).toBe('denied');
    expect(decided(policy(deny, {}))).toBe('denied');
  });
});

describe('a policy is refused', () => {
  const strange = (part: object) => ({ Version: '2012-10-17', Statement: [{ ...policy({}).Statement[0], ...part }] });

  it.each([
    ['an element it does not know', { NotAction: 'ecs:*' }, 'NotAction'],
    ['an operator it does not know', { Condition: { Bool: { 'aws:SecureTransport': 'true' } } }, 'Bool'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable is written so.
    ['a variable', { Resource: 'arn:aws:s3:::${aws:username}' }, 'aws:username'],
  ])('with %s', (_case, part, named) => {
    // What comes from outside may hold anything.
    expect(() => assertUnderstood(strange(part) as PolicyDocument)).toThrow(named);
  });

  it('never when it is one of those it was made for', () => {
    expect(() => assertUnderstood(policy({ Condition: { ArnLike: { 'ecs:cluster': ARN } } }))).not.toThrow();
  });
});
