// The roles our own processes have in a sandbox: each with its policy of deploy/iam/, for one cluster and its fleet.
import { type Places, policyDocument } from '../../model/iam/document.ts';
import type { PolicyName } from '../../model/iam/permission.ts';
import type { WorldSettings } from '../../world/settings.ts';
import type { Role } from './principal.ts';

/** Makes roles in the sandbox's own account and region. */
export function rolesIn(
  { region, accountId }: WorldSettings,
  places: Pick<Places, 'cluster' | 'fleetId' | 'leaseTable'>,
): (name: PolicyName) => Role {
  return (name) => ({
    name: `spotkeeper-${name}`,
    policy: policyDocument(name, { region, account: accountId, ...places }),
  });
}
