// What `cordon` and `uncordon` did, for people and as JSON.
import { ATTRIBUTE, isOperatorsCordon, PLACEMENT_CONSTRAINT, parseNotice } from '../../model/attributes.ts';
import { shortName } from '../../model/ids.ts';
import { listed, wrap } from '../layout.ts';
import { constraintCommand, type Where } from './constraint-command.ts';
import type { Cordoned, CordonReport } from './cordon.ts';
import { noticeWords } from './notice-words.ts';
import type { Outcome } from './outcome.ts';
import type { Refusal, Uncordoned } from './uncordon.ts';

const MOST_SERVICES = 12;
const MOST_COMMANDS = 5;

export function renderCordon(report: CordonReport, where: Where, width: number): string {
  const lines = report.instances.flatMap((one) => [
    `${titleOf(one)}: ${cordonWords(one)}`,
    ...notesOn(one, report).map((note) => `  ${note}`),
  ]);
  return `${[...lines.map((line) => wrap(line, width, 4)), ...renderFix(report, where, width)].join('\n')}\n`;
}

export function titleOf({ instanceId, containerInstanceArn }: Outcome): string {
  return `${instanceId} (${shortName(containerInstanceArn)})`;
}

function cordonWords({ result, failure, cordonedBefore, isDraining }: Cordoned): string {
  switch (result) {
    case 'cordoned':
      return `cordoned${isDraining ? '; it is DRAINING besides' : ''}`;
    case 'cordoned-already':
      return `was cordoned by an operator already (${cordonedBefore})${isDraining ? '; it is DRAINING besides' : ''}`;
    case 'draining':
      return 'cordoned, and set DRAINING, because services would still place tasks there';
    case 'failed':
      return `not cordoned: [${failure?.code}] ${failure?.message}`;
    default:
      return result satisfies never;
  }
}

function notesOn(
  { result, failure, stillPlacing, unreadable, daemons, isDraining }: Cordoned,
  { unseen }: CordonReport,
) {
  if (result === 'failed') return [];
  const services = (names: readonly string[]) => listed(names, MOST_SERVICES);
  return [
    ...(failure === null ? [] : [`could not be set DRAINING: [${failure.code}] ${failure.message}`]),
    ...(result === 'draining'
      ? ['ECS now stops its service tasks as each service allows, starting others elsewhere; standalone tasks stay']
      : []),
    ...(unseen === null ? [] : [`which services would still place tasks on it could not be seen: ${unseen.message}`]),
    ...(stillPlacing.length === 0
      ? []
      : [
          `${isDraining ? 'if it did not drain, these would place tasks on it' : 'would still place tasks on it'}: ${services(stillPlacing)}`,
        ]),
    ...(unreadable.length === 0 ? [] : [`of these the task definition cannot be read: ${services(unreadable)}`]),
    ...(daemons.length === 0 ? [] : [`exempt, because a DAEMON service runs on every instance: ${services(daemons)}`]),
  ];
}

/** What to do about services that are not kept off. */
function renderFix({ instances, services }: CordonReport, where: Where, width: number): string[] {
  const open = instances.filter(({ isRefused }) => isRefused);
  const names = [...new Set(open.flatMap(({ stillPlacing }) => stillPlacing))].sort();
  if (names.length === 0) return [];
  const commands = names.slice(0, MOST_COMMANDS).flatMap((name) => services.get(name) ?? []);
  const more = names.length - commands.length;
  return [
    '',
    wrap(
      'This is no full cordon. ECS knows none: it holds for services that ask for it. Give each service named above this placement constraint, which starts no deployment:',
      width,
    ),
    `  ${PLACEMENT_CONSTRAINT}`,
    ...commands.map((service) => `  ${constraintCommand(service, where)}`),
    ...(more > 0 ? [`  and ${more} more; --json has a command for each`] : []),
    wrap(
      `Where instances run no spotkeeper agent nobody says that they are ready: there take "attribute:${ATTRIBUTE.cordoned} !exists" alone.`,
      width,
    ),
    wrap(
      'Or say --or-drain: such an instance is set DRAINING in place of that. ECS then starts nothing there at all, and stops the service tasks that run there as fast as each service allows; standalone tasks stay.',
      width,
    ),
  ];
}

export function cordonJson({ instances, services, unseen }: CordonReport, where: Where): object {
  const names = [...new Set(instances.flatMap(({ stillPlacing }) => stillPlacing))].sort();
  return {
    cluster: where.cluster,
    constraint: PLACEMENT_CONSTRAINT,
    instances,
    unseen,
    fixes: names.flatMap((service) => {
      const known = services.get(service);
      return known === undefined ? [] : [{ service, command: constraintCommand(known, where) }];
    }),
  };
}

export function renderUncordon(outcomes: readonly Uncordoned[], width: number): string {
  return outcomes.map((one) => `${wrap(`${titleOf(one)}: ${uncordonWords(one)}`, width, 4)}\n`).join('');
}

function uncordonWords({ result, failure, refusal, cordonedBefore, notice }: Uncordoned): string {
  const whose = cordonedBefore === null || isOperatorsCordon(cordonedBefore) ? '' : ` (it was ${cordonedBefore})`;
  switch (result) {
    case 'uncordoned':
      return `uncordoned${whose}`;
    case 'active':
      return 'uncordoned, and ACTIVE again';
    case 'not-cordoned':
      return 'was not cordoned';
    case 'refused': {
      const isLifted = (refusal === 'drained-by-others' || refusal === 'agent-answers') && cordonedBefore !== null;
      return `${isLifted ? `its cordon is lifted${whose}; ` : 'refused: '}${refusal === null ? '' : refusalWords(refusal, notice)}`;
    }
    case 'failed':
      return `not uncordoned: [${failure?.code}] ${failure?.message}`;
    default:
      return result satisfies never;
  }
}

const TO_END_IT = '(aws ecs update-container-instances-state --status ACTIVE ends it)';

function refusalWords(refusal: Refusal, notice: string | null): string {
  switch (refusal) {
    case 'noticed':
      return 'it has a notice that it ends: tasks that are placed on it now would be killed';
    case 'retiring':
      return 'the controller has chosen it to leave; surplus is taken back by itself when its room is needed, and what an operator wants replaced by spotkeeper replace --undo';
    case 'agent-answers': {
      const known = parseNotice(notice ?? undefined);
      const what = known === null ? '' : ` for ${noticeWords(known)}`;
      return `it stays DRAINING, because its agent keeps it out of service${what}, and takes back what it has set itself when that is over ${TO_END_IT}`;
    }
    case 'drained-by-others':
      return `it stays DRAINING, because that was not set by spotkeeper drain: whoever set it knows why ${TO_END_IT}`;
    default:
      return refusal satisfies never;
  }
}
