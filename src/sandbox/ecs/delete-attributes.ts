// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteAttributes.html
import { deleteAttribute } from '../../world/ecs/attributes.ts';
import type { ApiAction } from '../api.ts';
import { attributeJson, targetedAttributesOf } from './attribute-input.ts';
import { clusterOf } from './lookup.ts';

/** An attribute that is not there is no error. */
export const deleteAttributes: ApiAction = (request) => {
  const cluster = clusterOf(request);
  const attributes = targetedAttributesOf(request.input, cluster);
  for (const attribute of attributes) deleteAttribute(attribute.target, attribute);
  request.world.ecs.reconsider(cluster);
  return { attributes: attributes.map(attributeJson) };
};
