// Turns what the AWS SDK throws into a Failure: who must act, and what was being done. The AWS error stays the cause.
import { Failure, type FailureCode } from '../ports/failure.ts';
import { MISSING_PERMISSION } from './missing-permission.ts';

// Names as services send them; EC2 and the JSON services name the same trouble differently.
const CODE_BY_NAME: Readonly<Record<string, FailureCode>> = {
  AccessDeniedException: 'access-denied',
  AccessDenied: 'access-denied',
  UnauthorizedOperation: 'access-denied',
  [MISSING_PERMISSION]: 'access-denied',
  AuthFailure: 'bad-credentials',
  // The chain came to its end without keys. On an instance that is mostly a metadata service that was busy for a moment,
  // and a controller that ended for it would not be started again.
  CredentialsProviderError: 'unavailable',
  ExpiredTokenException: 'bad-credentials',
  ExpiredToken: 'bad-credentials',
  RequestExpired: 'bad-credentials',
  IncompleteSignature: 'bad-credentials',
  InvalidClientTokenId: 'bad-credentials',
  InvalidSignatureException: 'bad-credentials',
  SignatureDoesNotMatch: 'bad-credentials',
  UnrecognizedClientException: 'bad-credentials',
  MissingAuthenticationTokenException: 'bad-credentials',
  ClusterNotFoundException: 'cluster-not-found',
  'InvalidSpotFleetRequestId.NotFound': 'fleet-not-found',
  'InvalidSpotFleetRequestId.Malformed': 'fleet-not-found',
  FleetNotInModifiableState: 'fleet-not-modifiable',
  Throttling: 'throttled',
  ThrottlingException: 'throttled',
  ThrottledException: 'throttled',
  RequestLimitExceeded: 'throttled',
  RequestThrottled: 'throttled',
  TooManyRequestsException: 'throttled',
  EC2ThrottledException: 'throttled',
  ProvisionedThroughputExceededException: 'throttled',
  LimitExceededException: 'throttled',
  AbortError: 'timed-out',
  TimeoutError: 'timed-out',
};

/**
 * The failure behind an error from the SDK. Unknown client errors are `refused`, everything without an answer from the
 * service is `unavailable`; both pass with time as far as we can know.
 * @param doing what was being done to what, as "listing services of cluster production"
 */
export function asFailure(doing: string, error: unknown): Failure {
  if (error instanceof Failure) return error;
  return new Failure(codeOf(error), doing, { cause: error });
}

/** Runs one call of the SDK; what it throws becomes a Failure that says what was being done. */
export async function calling<Result>(doing: string, call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    throw asFailure(doing, error);
  }
}

/** The AWS error code of an error, as `err.name` carries it; empty for anything else. */
export function awsErrorName(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

function codeOf(error: unknown): FailureCode {
  const known = CODE_BY_NAME[awsErrorName(error)];
  if (known !== undefined) return known;
  const message = error instanceof Error ? error.message : '';
  if (/region is missing|region not accepted/i.test(message)) return 'no-region';
  if (/resolved credential object is not valid/i.test(message)) return 'bad-credentials';
  return isClientFault(error) ? 'refused' : 'unavailable';
}

function isClientFault(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('$metadata' in error)) return false;
  const metadata = error.$metadata;
  const status =
    typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata ? metadata.httpStatusCode : 0;
  return typeof status === 'number' && status >= 400 && status < 500;
}
