// Who sent a request, by the credential scope of its Authorization header. Signatures are not verified: whoever knows a
// key is its caller. What a caller may do is for src/sandbox/iam/.
import type { Caller } from '../api.ts';
import type { Keyring } from '../keyring.ts';
import type { Refusals } from './protocol.ts';

/** `Credential=KEY/20261121/us-east-1/ecs/aws4_request` of an AWS Signature Version 4 header. */
const CREDENTIAL = /Credential=([^/,\s]+)\/\d{8}\/([^/,\s]+)\/([^/,\s]+)\/aws4_request/;

export interface Gate {
  readonly keyring: Keyring;
  readonly region: string;
}

/** Throws the protocol's own `ApiError` for a request without, with unknown, or with wrongly scoped credentials. */
export function authorize(gate: Gate, authorization: string | undefined, refusals: Refusals): Caller {
  const [, accessKeyId, region] = CREDENTIAL.exec(authorization ?? '') ?? [];
  if (accessKeyId === undefined || region === undefined) throw refusals.missingCredentials();
  const caller = gate.keyring.callerOf(accessKeyId);
  if (caller === null) throw refusals.unknownAccessKey();
  if (region !== gate.region) throw refusals.wrongRegion(region, gate.region);
  return caller;
}
