// What every API action of the sandbox is: a function from the world and the decoded request to the answer's body.
// Wire formats are decoded and encoded by the doors, so an action is the same idea in every protocol.
import type { World } from '../world/world.ts';

/** Who sent a request, by its access key; the sandbox gives every process a key of its own. */
export interface Caller {
  readonly accessKeyId: string;
  /** `controller-a`, `agent i-0123`, `operator`. */
  readonly name: string;
}

/** What an action gets: `Input` is the request as decoded by the door, its field names those of the AWS API. */
export interface ApiRequest {
  readonly world: World;
  readonly input: ApiInput;
  readonly caller: Caller;
}

export type ApiInput = { readonly [field: string]: unknown };
export type ApiOutput = { readonly [field: string]: unknown };
export type ApiAction = (request: ApiRequest) => ApiOutput;

/** An error as AWS sends it; the door gives it the protocol's own envelope. */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.status = status;
  }
}
