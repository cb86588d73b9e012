// The API calls: how many of each, and which of them changed nothing because they had been made before.
import { shortName } from '../../../model/ids.ts';
import { isWrite, type RequestRecord } from '../../request-log.ts';
import { type Evidence, isDone } from './evidence.ts';

export interface CallCount {
  readonly service: string;
  readonly action: string;
  readonly calls: number;
  readonly errors: number;
}

/** Calls to AWS itself by service and action, most first. Polls of instance metadata are not AWS API calls. */
export function callCounts(evidence: Evidence): CallCount[] {
  const counts = new Map<string, CallCount>();
  for (const { service, action, status } of evidence.records) {
    if (service === 'imds' || service === 'introspection') continue;
    const before = counts.get(`${service} ${action}`) ?? { service, action, calls: 0, errors: 0 };
    counts.set(`${service} ${action}`, {
      ...before,
      calls: before.calls + 1,
      errors: before.errors + (status >= 200 && status < 300 ? 0 : 1),
    });
  }
  return [...counts.values()].sort((a, b) => b.calls - a.calls || a.action.localeCompare(b.action));
}

/** How each protocol says that a caller's policy does not allow what he asked for. */
const DENIALS: ReadonlySet<string> = new Set(['AccessDeniedException', 'AccessDenied', 'UnauthorizedOperation']);

/** In words, each once: who was refused what for want of a permission. */
export function refusedCalls({ records }: Evidence): string[] {
  const refused = records.filter(({ errorCode, fault }) => fault === null && DENIALS.has(errorCode ?? ''));
  return [...new Set(refused.map(({ service, action, caller }) => `${caller?.name}: ${service} ${action}`))];
}

/** Accepted writes to ECS and EC2 that asked for exactly what the previous write about the same thing had asked for. */
export function duplicatedWrites(evidence: Evidence): string[] {
  const lastAsked = new Map<string, string>();
  const duplicates: string[] = [];
  for (const record of [...evidence.records].sort((a, b) => a.answeredAt - b.answeredAt)) {
    if (!isDone(record) || !isWrite(record.action)) continue;
    for (const [subject, wanted] of asksOf(record)) {
      if (lastAsked.get(subject) === wanted) {
        duplicates.push(
          `request ${record.number}: ${record.action} by ${record.caller?.name}: ${subject} to be ${wanted}, again`,
        );
      }
      lastAsked.set(subject, wanted);
    }
  }
  return duplicates;
}

/** What a write is about, and what it wants that to be. */
function asksOf({ action, input }: RequestRecord): [subject: string, wanted: string][] {
  switch (action) {
    case 'ModifySpotFleetRequest':
      return [[`target of ${input.SpotFleetRequestId}`, String(input.TargetCapacity)]];
    case 'TerminateInstances':
      return listOf(input.InstanceId).map((id) => [`instance ${id}`, 'terminated']);
    case 'UpdateContainerInstancesState':
      return listOf(input.containerInstances).map((arn) => [
        `container instance ${shortName(String(arn))}`,
        String(input.status),
      ]);
    case 'PutAttributes':
      return attributesOf(input.attributes).map(({ subject, value }) => [subject, `set to ${value}`]);
    case 'DeleteAttributes':
      return attributesOf(input.attributes).map(({ subject }) => [subject, 'absent']);
    case 'StopTask':
      return [[`task ${shortName(String(input.task))}`, 'stopped']];
    default:
      return [];
  }
}

function attributesOf(attributes: unknown): { subject: string; value: string }[] {
  return listOf(attributes).map((entry) => {
    const { name, value, targetId } = entry as { name?: string; value?: string; targetId?: string };
    return { subject: `attribute ${name} of ${shortName(targetId ?? '?')}`, value: value ?? '' };
  });
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
