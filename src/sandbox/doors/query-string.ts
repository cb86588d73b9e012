// The request side of AWS's query protocols: a form whose keys are paths. Numbers in a path are list positions, so
// `Filter.1.Value.2=x` becomes { Filter: [{ Value: [.., 'x'] }] }. Every leaf stays a string.
import { ApiError, type ApiInput } from '../api.ts';

/** Far beyond any AWS request, and a bound on what a malformed one can cost. */
const MAX_FIELDS = 10_000;

type Branch = Map<string, Branch | string>;

export interface QueryRequest {
  readonly action: string;
  readonly version: string;
  readonly input: ApiInput;
}

/** @param lists `plain` (EC2): `Id.1`. `member` (the other query services): `Id.member.1`. */
export function decodeQuery(body: string, lists: 'plain' | 'member'): QueryRequest {
  const root: Branch = new Map();
  const fields = [...new URLSearchParams(body)];
  if (fields.length > MAX_FIELDS) throw new ApiError('MalformedQueryString', 'the request has too many fields');
  for (const [path, value] of fields) put(root, path.split('.'), value, path, lists);
  const { Action: action, Version: version, ...input } = asObject(root);
  return { action: textOr(action), version: textOr(version), input };
}

/** Empty for a group where a text belongs. */
function textOr(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function put(root: Branch, path: readonly string[], value: string, whole: string, lists: 'plain' | 'member'): void {
  const keys = lists === 'member' ? path.filter((key, at) => !(key === 'member' && isPosition(path[at + 1]))) : path;
  let branch = root;
  for (const key of keys.slice(0, -1)) {
    const next = branch.get(key) ?? new Map<string, Branch | string>();
    if (typeof next === 'string') throw mixed(whole);
    branch.set(key, next);
    branch = next;
  }
  const leaf = keys.at(-1) ?? '';
  if (branch.has(leaf)) throw mixed(whole);
  branch.set(leaf, value);
}

function mixed(path: string): ApiError {
  return new ApiError('MalformedQueryString', `the field ${path} is given twice, or both as a value and as a group`);
}

function isPosition(key: string | undefined): boolean {
  return key !== undefined && /^\d+$/.test(key);
}

function asValue(node: Branch | string): unknown {
  if (typeof node === 'string') return node;
  const keys = [...node.keys()];
  if (!keys.every(isPosition)) return asObject(node);
  return keys.sort((a, b) => Number(a) - Number(b)).map((key) => asValue(node.get(key) ?? ''));
}

function asObject(branch: Branch): ApiInput {
  return Object.fromEntries([...branch].map(([key, node]) => [key, asValue(node)]));
}
