// The two query protocols: EC2's own dialect, and the older common one that STS and CloudWatch still speak. Requests are
// forms, answers XML. https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-error-codes.html
import { ApiError } from '../api.ts';
import type { Answer, Protocol, Refusals } from './protocol.ts';
import { decodeQuery } from './query-string.ts';
import { escapeXml, xmlFields } from './xml.ts';

const EC2_NAMESPACE = 'http://ec2.amazonaws.com/doc/2016-11-15/';

const EC2_REFUSALS: Refusals = {
  unknownAction: (action) => new ApiError('InvalidAction', `The action ${action} is not valid for this web service.`),
  missingCredentials: () => new ApiError('AuthFailure', 'The request must carry credentials.', 401),
  unknownAccessKey: () =>
    new ApiError('AuthFailure', 'AWS was not able to validate the provided access credentials', 401),
  wrongRegion: (asked, served) =>
    new ApiError(
      'AuthFailure',
      `Credential should be scoped to a valid region, not '${asked}': the sandbox is ${served}.`,
      401,
    ),
  // AWS goes on with "Encoded authorization failure message: ..", for whoever may decode it.
  accessDenied: (words) =>
    new ApiError('UnauthorizedOperation', `You are not authorized to perform this operation. ${words}.`, 403),
};

const COMMON_REFUSALS: Refusals = {
  unknownAction: (action) => new ApiError('InvalidAction', `Could not find operation ${action}`),
  missingCredentials: () => new ApiError('MissingAuthenticationToken', 'Request is missing Authentication Token', 403),
  unknownAccessKey: () =>
    new ApiError('InvalidClientTokenId', 'The security token included in the request is invalid.', 403),
  wrongRegion: (asked, served) =>
    new ApiError(
      'SignatureDoesNotMatch',
      `Credential should be scoped to a valid region: the sandbox is ${served}, the request is signed for ${asked}.`,
      403,
    ),
  accessDenied: (words) => new ApiError('AccessDenied', words, 403),
};

export const ec2Query: Protocol = {
  decode: (body) => decodeQuery(body.toString('utf8'), 'plain').input,
  success: (action, output, requestId) =>
    xml(
      200,
      `<${action}Response xmlns="${EC2_NAMESPACE}"><requestId>${requestId}</requestId>${xmlFields(output, 'item')}</${action}Response>`,
    ),
  failure: (error, requestId) =>
    xml(
      error.status,
      `<Response><Errors><Error><Code>${escapeXml(error.code)}</Code><Message>${escapeXml(error.message)}</Message></Error></Errors><RequestID>${requestId}</RequestID></Response>`,
    ),
  refusals: EC2_REFUSALS,
};

/** @param namespace the service's XML namespace, which clients do not check but people read */
export function commonQuery(namespace: string): Protocol {
  return {
    decode: (body) => decodeQuery(body.toString('utf8'), 'member').input,
    success: (action, output, requestId) =>
      xml(
        200,
        `<${action}Response xmlns="${namespace}"><${action}Result>${xmlFields(output, 'member')}</${action}Result><ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${action}Response>`,
      ),
    failure: (error, requestId) =>
      xml(
        error.status,
        `<ErrorResponse xmlns="${namespace}"><Error><Type>${error.status < 500 ? 'Sender' : 'Receiver'}</Type><Code>${escapeXml(error.code)}</Code><Message>${escapeXml(error.message)}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
      ),
    refusals: COMMON_REFUSALS,
  };
}

function xml(status: number, body: string): Answer {
  return {
    status,
    headers: { 'content-type': 'text/xml;charset=UTF-8' },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n${body}`,
  };
}
