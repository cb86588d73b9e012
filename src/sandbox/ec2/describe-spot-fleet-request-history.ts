// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSpotFleetRequestHistory.html
import { FLEET_EVENT_TYPES, type FleetRecord } from '../../world/ec2/fleet-history.ts';
import type { ApiAction, ApiInput } from '../api.ts';
import { findFleet } from './fleet-ids.ts';
import { invalidValue, pageOf, requiredText, text } from './input.ts';

const PAGE_LIMITS = [1, 1000] as const;
const EVENT_TYPES: readonly string[] = ['instanceChange', 'fleetRequestChange', 'error', 'information'];

export const describeSpotFleetRequestHistory: ApiAction = ({ world, input }) => {
  const fleet = findFleet(world, requiredText(input, 'SpotFleetRequestId'));
  const startAt = readStart(input);
  const eventType = readEventType(input);
  const records = fleet.history.records.filter(
    (record) => record.at >= startAt && (eventType === null || FLEET_EVENT_TYPES[record.subType] === eventType),
  );
  const { items, nextToken } = pageOf(input, records, PAGE_LIMITS);
  return {
    spotFleetRequestId: fleet.id,
    startTime: new Date(startAt),
    // Only the last page says how far the answer reaches.
    lastEvaluatedTime: nextToken === null ? new Date(world.agenda.now) : null,
    historyRecordSet: items.map(describeRecord),
    nextToken,
  };
};

function describeRecord({ at, subType, description, instanceId }: FleetRecord) {
  return {
    timestamp: new Date(at),
    eventType: FLEET_EVENT_TYPES[subType],
    eventInformation: { eventSubType: subType, eventDescription: description, instanceId },
  };
}

function readStart(input: ApiInput): number {
  const given = requiredText(input, 'StartTime');
  const startAt = Date.parse(given);
  if (Number.isNaN(startAt)) throw invalidValue(`Value (${given}) for parameter startTime is invalid. Invalid date.`);
  return startAt;
}

function readEventType(input: ApiInput): string | null {
  const given = text(input, 'EventType');
  if (given === null || EVENT_TYPES.includes(given)) return given;
  throw invalidValue(
    `Value (${given}) for parameter eventType is invalid. Expecting one of ${EVENT_TYPES.join(', ')}.`,
  );
}
