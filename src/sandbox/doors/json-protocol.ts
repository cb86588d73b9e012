// awsJson1.0 and awsJson1.1 (ECS, DynamoDB, CloudWatch): one JSON object each way, times as epoch seconds, errors as
// `__type`. https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
import { ApiError, type ApiInput, type ApiOutput } from '../api.ts';
import type { Answer, Protocol, Refusals } from './protocol.ts';

/** Shared with the CBOR protocol, which came after it. */
export const JSON_REFUSALS: Refusals = {
  unknownAction: (action) =>
    new ApiError('UnknownOperationException', `the sandbox does not have the action ${action}`),
  missingCredentials: () => new ApiError('MissingAuthenticationTokenException', 'Missing Authentication Token'),
  unknownAccessKey: () =>
    new ApiError('UnrecognizedClientException', 'The security token included in the request is invalid.'),
  wrongRegion: (asked, served) =>
    new ApiError(
      'InvalidSignatureException',
      `Credential should be scoped to a valid region: the sandbox is ${served}, the request is signed for ${asked}.`,
    ),
  accessDenied: (words) => new ApiError('AccessDeniedException', words),
};

/**
 * @param version the content type's version
 * @param isQueryCompatible sends the error code in a header too, as CloudWatch does for clients that grew up with the
 * query protocol
 */
export function jsonProtocol(version: '1.0' | '1.1', isQueryCompatible = false): Protocol {
  const contentType = `application/x-amz-json-${version}`;
  const answer = (status: number, body: object, requestId: string, headers = {}): Answer => ({
    status,
    headers: { 'content-type': contentType, 'x-amzn-requestid': requestId, ...headers },
    body: encodeJson(body),
  });
  return {
    decode: decodeJson,
    success: (_action, output, requestId) => answer(200, output, requestId),
    failure: (error, requestId) =>
      answer(
        error.status,
        { __type: error.code, message: error.message },
        requestId,
        isQueryCompatible
          ? { 'x-amzn-query-error': `${error.code};${error.status < 500 ? 'Sender' : 'Receiver'}` }
          : {},
      ),
    refusals: JSON_REFUSALS,
  };
}

function decodeJson(body: Buffer): ApiInput {
  let value: unknown;
  try {
    value = JSON.parse(body.length === 0 ? '{}' : body.toString('utf8'));
  } catch (error) {
    throw new ApiError(
      'SerializationException',
      `the request is not JSON: ${error instanceof Error ? error.message : error}`,
    );
  }
  if (!isObject(value)) throw new ApiError('SerializationException', 'the request is not a JSON object');
  return value;
}

function isObject(value: unknown): value is ApiInput {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function encodeJson(output: ApiOutput | object): string {
  // The replacer is handed a date only after its toJSON, so the date itself is read from its holder.
  return JSON.stringify(output, function (this: Readonly<Record<string, unknown>>, key, value) {
    const raw = this[key];
    return raw instanceof Date ? raw.getTime() / 1000 : value;
  });
}
