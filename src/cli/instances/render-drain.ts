// What `drain` did, for people and as JSON: what moves, what does not, and how far it has come.
import { parseNotice } from '../../model/attributes.ts';
import { shortName } from '../../model/ids.ts';
import { listed, wrap } from '../layout.ts';
import type { Drained, StuckService, TasksThere, Unseen } from './drain.ts';
import type { Followed } from './follow-drain.ts';
import { noticeWords } from './notice-words.ts';
import { titleOf } from './render-cordon.ts';

const MOST_NAMES = 12;

export function renderDrain(outcomes: readonly Drained[], followed: Followed | null, width: number): string {
  const lines = outcomes.flatMap((one) => [
    `${titleOf(one)}: ${drainWords(one)}${leftWords(one, followed)}`,
    ...[...agentWords(one), ...notesOn(one.tasks), ...one.unseen.map(unseenWords)].map((note) => `  ${note}`),
  ]);
  return lines.map((line) => `${wrap(line, width, 4)}\n`).join('');
}

function drainWords({ result, failure, tasks }: Drained): string {
  const count = tasks === null ? '' : `, ${tasks.count === 1 ? '1 task' : `${tasks.count} tasks`} on it`;
  switch (result) {
    case 'draining':
      return `DRAINING${count}`;
    case 'draining-already':
      return `was DRAINING already${count}`;
    case 'failed':
      return `not drained: [${failure?.code}] ${failure?.message}`;
    default:
      return result satisfies never;
  }
}

function leftWords({ containerInstanceArn, result }: Drained, followed: Followed | null): string {
  if (followed === null || result === 'failed') return '';
  const left = followed.left.get(containerInstanceArn);
  if (left === 0) return '; drained';
  return left === undefined || Number.isNaN(left) ? '' : `; ${left} left`;
}

/** Who drains it already: lifting the mark that was set now does not end that. */
function agentWords({ result, notice }: Drained): string[] {
  const known = parseNotice(notice ?? undefined);
  return known === null || result !== 'draining-already'
    ? []
    : [`its agent keeps it out of service for ${noticeWords(known)}`];
}

const UNSEEN_WORDS = {
  tasks: 'what runs there',
  services: 'whether its services can drain',
  protection: 'which tasks have scale-in protection',
} as const satisfies Record<Unseen['what'], string>;

function unseenWords({ what, failure }: Unseen): string {
  return `${UNSEEN_WORDS[what]} could not be seen: [${failure.code}] ${failure.message}`;
}

/** What ECS will not move by itself, or may not. */
function notesOn(tasks: TasksThere | null): string[] {
  if (tasks === null) return [];
  const { standalone, stuckServices, protected: guarded } = tasks;
  return [
    ...(standalone.length === 0
      ? []
      : [
          `standalone, and ECS never stops them: ${listed(
            standalone.map(({ task, group }) => `${shortName(task)} (${group})`),
            MOST_NAMES,
          )}`,
        ]),
    ...(stuckServices ?? []).map(stuckWords),
    ...(guarded === null || guarded.length === 0
      ? []
      : [`with scale-in protection, for which ECS may or may not wait: ${listed(guarded.map(shortName), MOST_NAMES)}`]),
  ];
}

function stuckWords({ name, desiredCount, minimumHealthyPercent, maximumPercent }: StuckService): string {
  return `${name} cannot drain: of ${desiredCount} tasks, a minimum of ${minimumHealthyPercent} % and a maximum of ${maximumPercent} % let none stop and none start; lower the one or raise the other`;
}

export function drainJson(cluster: string, outcomes: readonly Drained[], followed: Followed | null): object {
  return {
    cluster,
    end: followed?.end ?? null,
    instances: outcomes.map((one) => {
      const left = followed?.left.get(one.containerInstanceArn);
      return { ...one, tasksLeft: left === undefined || Number.isNaN(left) ? null : left };
    }),
  };
}
