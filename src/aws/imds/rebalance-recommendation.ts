// The advice that an interruption has become likely: `{"noticeTime":"2020-10-27T08:22:00Z"}`
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/rebalance-recommendations.html
import type { RebalanceRecommendation } from '../../ports/metadata.ts';
import { parseIsoInstant, readObject, senseless } from './answer-text.ts';

export const REBALANCE_RECOMMENDATION_PATH = 'events/recommendations/rebalance';

/** @throws Failure `refused` for anything that is not a recommendation */
export function readRebalanceRecommendation(text: string, doing: string): RebalanceRecommendation {
  const noticedAt = parseIsoInstant(readObject(text, doing).noticeTime);
  if (noticedAt === null) throw senseless(text, doing);
  return { noticedAt };
}
