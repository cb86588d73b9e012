// The one STS action people try first: whose key is this?
import type { ApiAction } from '../api.ts';
import type { ActionTable } from '../doors/front-door.ts';

const getCallerIdentity: ApiAction = ({ world, caller }) => ({
  Arn: `arn:aws:iam::${world.settings.accountId}:user/${caller.name.replaceAll(' ', '-')}`,
  UserId: caller.accessKeyId,
  Account: world.settings.accountId,
});

export const stsActions: ActionTable = { GetCallerIdentity: getCallerIdentity };
