// Finds what a request names: its cluster, the things in it by id or ARN, its page of a listing.
import type { EcsCluster } from '../../world/ecs/cluster.ts';
import type { EcsTaskDefinition } from '../../world/ecs/task-definition.ts';
import { ApiError, type ApiInput, type ApiRequest } from '../api.ts';
import { type Page, page } from '../paging.ts';
import { invalid, requiredText, text, whole } from './input.ts';

/** The request's cluster, `default` when it names none; ClusterNotFoundException when there is no such cluster. */
export function clusterOf({ world, input }: ApiRequest): EcsCluster {
  return world.ecs.cluster(text(input, 'cluster') ?? 'default');
}

/** The definition the request starts tasks from. */
export function taskDefinitionOf({ world, input }: ApiRequest): EcsTaskDefinition {
  const definition = world.ecs.findTaskDefinition(requiredText(input, 'taskDefinition'));
  if (definition === undefined) throw new ApiError('ClientException', 'TaskDefinition not found.');
  return definition;
}

export interface Found<Item> {
  readonly found: readonly Item[];
  readonly failures: readonly { readonly arn: string; readonly reason: 'MISSING' }[];
}

/** What of the references exists, in their order; the rest as failures, which is how Describe* answers. */
export function findAll<Item>(
  references: readonly string[],
  find: (reference: string) => Item | undefined,
  arnFor: (id: string) => string,
): Found<Item> {
  const found: Item[] = [];
  const failures: { arn: string; reason: 'MISSING' }[] = [];
  for (const reference of new Set(references)) {
    const item = find(reference);
    if (item !== undefined) found.push(item);
    else failures.push({ arn: reference.startsWith('arn:') ? reference : arnFor(reference), reason: 'MISSING' });
  }
  return { found, failures };
}

/** The page a List* request asks for: at most 100 items, `defaultMax` when it does not say. */
export function listingPage<Item>(input: ApiInput, items: Iterable<Item>, defaultMax: number): Page<Item> {
  const maxResults = whole(input, 'maxResults', 1, 100);
  try {
    return page(items, { token: text(input, 'nextToken'), maxResults, defaultMax });
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw invalid('Invalid token.');
  }
}
