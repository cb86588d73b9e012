// Who a caller is to IAM: a user who may do everything, or a process in a role.
import type { PolicyDocument } from '../../model/iam/document.ts';

export interface Role {
  readonly name: string;
  readonly policy: PolicyDocument;
}

export interface Principal {
  /** The user's name, or that of the role's session. */
  readonly name: string;
  /** null for a user. */
  readonly role: Role | null;
}

/** `arn:aws:sts::123456789012:assumed-role/spotkeeper-agent/agent-i-0123`, `arn:aws:iam::123456789012:user/operator` */
export function principalArn(accountId: string, { name, role }: Principal): string {
  const word = name.replaceAll(' ', '-');
  return role === null
    ? `arn:aws:iam::${accountId}:user/${word}`
    : `arn:aws:sts::${accountId}:assumed-role/${role.name}/${word}`;
}
