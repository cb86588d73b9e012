// TagResource, UntagResource and ListTagsForResource, for clusters: the one kind of resource whose tags are kept here.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TagResource.html
import type { EcsCluster } from '../../world/ecs/cluster.ts';
import { putTags, type Tag } from '../../world/ecs/tags.ts';
import { type ApiAction, ApiError, type ApiInput, type ApiRequest } from '../api.ts';
import { invalid, requiredText, requiredTexts, structures, text } from './input.ts';

export const tagResource: ApiAction = (request) => {
  const { tags } = taggedCluster(request);
  putTags(tags, tagsOf(request.input));
  return {};
};

/** A key that is not there is no error. */
export const untagResource: ApiAction = (request) => {
  const { tags } = taggedCluster(request);
  for (const key of requiredTexts(request.input, 'tagKeys', 50)) tags.delete(key);
  return {};
};

export const listTagsForResource: ApiAction = (request) => ({ tags: tagsJson(taggedCluster(request)) });

export function tagsJson({ tags }: EcsCluster): Tag[] {
  return [...tags].map(([key, value]) => ({ key, value }));
}

function tagsOf(input: ApiInput): Tag[] {
  const tags = structures(input, 'tags').map((tag) => ({
    key: text(tag, 'key') ?? '',
    value: text(tag, 'value') ?? '',
  }));
  if (tags.length === 0) throw invalid('Tags cannot be empty.');
  return tags;
}

function taggedCluster({ world, input }: ApiRequest): EcsCluster {
  const arn = requiredText(input, 'resourceArn');
  if (!/^arn:[^:]+:ecs:[^:]*:\d{12}:/.test(arn)) throw invalid('The resource ARN is not valid.');
  if (!arn.includes(':cluster/')) throw invalid('The sandbox keeps tags of clusters only.');
  const cluster = world.ecs.findCluster(arn);
  if (cluster === undefined) throw new ApiError('ClusterNotFoundException', 'Cluster not found.');
  return cluster;
}
