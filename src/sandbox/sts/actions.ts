// The one STS action people try first: whose key is this?
import type { ApiAction } from '../api.ts';
import type { ActionTable } from '../doors/front-door.ts';
import { principalArn } from '../iam/principal.ts';
import type { Keyring } from '../keyring.ts';

const getCallerIdentity =
  (keyring: Keyring): ApiAction =>
  ({ world, caller }) => ({
    Arn: principalArn(world.settings.accountId, keyring.principalOf(caller)),
    UserId: caller.accessKeyId,
    Account: world.settings.accountId,
  });

export function stsActions(keyring: Keyring): ActionTable {
  return { GetCallerIdentity: getCallerIdentity(keyring) };
}
