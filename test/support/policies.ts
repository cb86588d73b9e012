// Policies with one line less.
import type { PolicyDocument } from '../../src/model/iam/document.ts';
import type { Role } from '../../src/sandbox/iam/principal.ts';

/** The policy as it is without one action. */
export function without({ Version, Statement }: PolicyDocument, line: string): PolicyDocument {
  const left = Statement.map((statement) => ({
    ...statement,
    Action: [statement.Action].flat().filter((action) => action !== line),
  }));
  return { Version, Statement: left.filter(({ Action }) => Action.length > 0) };
}

export function withoutLine({ name, policy }: Role, line: string): Role {
  return { name, policy: without(policy, line) };
}
