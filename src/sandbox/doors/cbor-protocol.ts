// rpcv2Cbor, which the newer AWS CLIs speak to CloudWatch: the action is in the path, bodies are CBOR both ways.
// https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html
import { ApiError, type ApiInput } from '../api.ts';
import { decodeCbor } from './cbor-decode.ts';
import { encodeCbor } from './cbor-encode.ts';
import { JSON_REFUSALS } from './json-protocol.ts';
import type { Answer, Protocol } from './protocol.ts';

export const cborProtocol: Protocol = {
  decode(body) {
    const value = body.length === 0 ? {} : decodeCbor(body);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as ApiInput;
    throw new ApiError('SerializationException', 'the request is not a CBOR map');
  },
  success: (_action, output, requestId) => answer(200, output, requestId),
  failure: (error, requestId) => answer(error.status, { __type: error.code, message: error.message }, requestId),
  refusals: JSON_REFUSALS,
};

function answer(status: number, body: object, requestId: string): Answer {
  return {
    status,
    headers: { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor', 'x-amzn-requestid': requestId },
    body: encodeCbor(body),
  };
}
