// Tags of a cluster. Nothing in this world goes by them; people and programs leave notes in them.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Tag.html
import { Refusal } from '../refusal.ts';

export interface Tag {
  readonly key: string;
  readonly value: string;
}

const LIMIT = 50;
const CHARACTERS = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/**
 * Writes the tags; of the same key the old value is overwritten. All or none.
 * @throws Refusal InvalidParameterException
 */
export function putTags(tags: Map<string, string>, given: readonly Tag[]): void {
  for (const tag of given) checkTag(tag);
  const keys = new Set([...tags.keys(), ...given.map(({ key }) => key)]);
  if (keys.size > LIMIT) throw invalid(`A resource can have at most ${LIMIT} tags.`);
  for (const { key, value } of given) tags.set(key, value);
}

function checkTag({ key, value }: Tag): void {
  if (key.length < 1 || key.length > 128) throw invalid('Tag keys have 1 to 128 characters.');
  if (value.length > 256) throw invalid(`The value of the tag ${key} has more than 256 characters.`);
  if (!CHARACTERS.test(key) || !CHARACTERS.test(value)) throw invalid(`The tag ${key} has characters no tag may have.`);
  if (/^aws:/i.test(key)) throw invalid(`The tag ${key} begins with aws:, which is kept for AWS.`);
}

function invalid(message: string): Refusal {
  return new Refusal('InvalidParameterException', message);
}
