// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListContainerInstances.html
import { parseExpression } from '../../world/ecs/member-of.ts';
import type { ApiAction } from '../api.ts';
import { text, word } from './input.ts';
import { clusterOf, listingPage } from './lookup.ts';

const STATUSES = ['ACTIVE', 'DRAINING', 'REGISTERING', 'DEREGISTERING', 'REGISTRATION_FAILED'] as const;

/** Without a status: everything except INACTIVE. */
export const listContainerInstances: ApiAction = (request) => {
  const { input } = request;
  const cluster = clusterOf(request);
  const status = word(input, 'status', STATUSES);
  const filter = text(input, 'filter') ?? '';
  const matches = filter === '' ? () => true : parseExpression(filter);
  const listed = [...cluster.containerInstances.values()].filter(
    (instance) =>
      (status === undefined ? instance.status !== 'INACTIVE' : instance.status === status) && matches(instance),
  );
  const { items, nextToken } = listingPage(input, listed, 100);
  return { containerInstanceArns: items.map(({ arn }) => arn), nextToken: nextToken ?? undefined };
};
