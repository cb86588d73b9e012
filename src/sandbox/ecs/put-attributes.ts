// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PutAttributes.html
import { putAttribute } from '../../world/ecs/attributes.ts';
import type { ApiAction } from '../api.ts';
import { attributeJson, targetedAttributesOf } from './attribute-input.ts';
import { clusterOf } from './lookup.ts';

export const putAttributes: ApiAction = (request) => {
  const cluster = clusterOf(request);
  const attributes = targetedAttributesOf(request.input, cluster);
  for (const attribute of attributes) putAttribute(attribute.target, attribute);
  request.world.ecs.reconsider(cluster);
  return { attributes: attributes.map(attributeJson) };
};
