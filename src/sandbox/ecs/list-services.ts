// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListServices.html
import type { ApiAction } from '../api.ts';
import { word } from './input.ts';
import { clusterOf, listingPage } from './lookup.ts';

/** Pages of ten unless the request says otherwise: the one listing of ECS whose default is not 100. */
const DEFAULT_PAGE = 10;

export const listServices: ApiAction = (request) => {
  const { input } = request;
  const strategy = word(input, 'schedulingStrategy', ['REPLICA', 'DAEMON'] as const);
  const launchType = word(input, 'launchType', ['EC2', 'FARGATE', 'EXTERNAL', 'MANAGED_INSTANCES'] as const);
  const listed = [...clusterOf(request).services.values()].filter(
    (service) =>
      (strategy === undefined || service.schedulingStrategy === strategy) &&
      (launchType === undefined || launchType === 'EC2'),
  );
  const { items, nextToken } = listingPage(input, listed, DEFAULT_PAGE);
  return { serviceArns: items.map(({ arn }) => arn), nextToken: nextToken ?? undefined };
};
