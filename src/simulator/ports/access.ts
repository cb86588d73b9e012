// What every port of one process stands on: the world that it asks, and the way there.
import type { World } from '../../world/world.ts';
import type { Api } from '../calls/trouble.ts';
import type { Caller, Wire } from '../calls/wire.ts';

export interface AwsAccess {
  readonly world: World;
  readonly wire: Wire;
  readonly caller: Caller;
}

type Ask = <Result>(doing: string, signal: AbortSignal | undefined, act: () => Result) => Promise<Result>;

/** The two kinds of calls to one API. */
export function asking({ wire, caller }: AwsAccess, api: Api): { readonly read: Ask; readonly write: Ask } {
  return {
    read: (doing, signal, act) => wire.call(caller, { api, doing, isWrite: false, signal, act }),
    write: (doing, signal, act) => wire.call(caller, { api, doing, isWrite: true, signal, act }),
  };
}
