// What is done, in sentences.
import { shortName } from '../model/ids.ts';
import type { Action } from '../plan/plan.ts';
import { CALL_BACK_WORDS, RETIREMENT_WORDS, TARGET_WORDS } from './words.ts';

const INTERRUPTED = 'EC2 takes it back, and its agent could not do it';

/** One action as a sentence with its reason. */
export function describeAction(action: Action): string {
  switch (action.kind) {
    case 'set-target':
      return `set the target capacity of ${action.fleetId} from ${action.fromUnits} to ${action.targetUnits} units${onDemandWords(action)}: ${TARGET_WORDS[action.reason]}`;
    case 'mark-retiring':
      return `mark ${action.instanceId} as retiring: ${RETIREMENT_WORDS[action.reason]}`;
    case 'drain':
      return `drain ${action.instanceId}: ${action.reason === 'interruption' ? INTERRUPTED : RETIREMENT_WORDS[action.reason]}`;
    case 'reactivate':
      return `take ${action.instanceId} back into service: ${CALL_BACK_WORDS[action.reason]}`;
    case 'stop-task':
      return `stop task ${shortName(action.taskArn)} on ${action.instanceId}: its drain took too long`;
    case 'terminate':
      return `terminate ${action.instanceId}, ${action.reason === 'orphan' ? 'an orphan' : 'which is empty'}: ${RETIREMENT_WORDS[action.reason]}`;
    default:
      return action satisfies never;
  }
}

function onDemandWords({ onDemandUnits }: Extract<Action, { kind: 'set-target' }>): string {
  return onDemandUnits === undefined ? '' : `, ${onDemandUnits} of them On-Demand`;
}
