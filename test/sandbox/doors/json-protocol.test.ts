import { describe, expect, it } from 'vitest';
import { ApiError } from '../../../src/sandbox/api.ts';
import { jsonProtocol } from '../../../src/sandbox/doors/json-protocol.ts';

describe('the JSON protocol', () => {
  const json = jsonProtocol('1.1');

  it('writes instants as epoch seconds with their fraction, however deep they are', () => {
    const { body } = json.success('A', { at: new Date(1_500), list: [{ at: new Date(0) }] }, 'r');
    expect(JSON.parse(String(body))).toEqual({ at: 1.5, list: [{ at: 0 }] });
  });

  it('takes no body for an empty object', () => {
    expect(json.decode(Buffer.from(''))).toEqual({});
  });

  it('says an error by its code, its words and its status', () => {
    const { status, body } = json.failure(new ApiError('Code', 'words', 418), 'r');
    expect({ status, ...JSON.parse(String(body)) }).toEqual({ status: 418, __type: 'Code', message: 'words' });
  });

  it('tells clients of the query protocol the code in a header, where the service has such clients', () => {
    const error = new ApiError('Code', 'words');
    expect(jsonProtocol('1.0', true).failure(error, 'r').headers['x-amzn-query-error']).toBe('Code;Sender');
    expect(json.failure(error, 'r').headers).not.toHaveProperty('x-amzn-query-error');
  });
});
