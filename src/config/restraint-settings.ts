// The keys of how much the controller does by itself, and of when it takes nothing away.
import { MODES } from '../plan/policy.ts';
import { oneOf, share } from './format.ts';

export const RESTRAINT_SETTINGS = {
  mode: {
    doc: 'How much is done by itself. `observe`: nothing, it plans and reports. `recommend`: nothing, and the log says of each action that it would be done. `scale-out-only`: what makes room, never what shrinks. `full`: all.',
    format: oneOf(MODES),
    default: 'full',
    env: ['SPOTKEEPER_MODE'],
  },
  'safety.unknownShare': {
    doc: 'Nothing shrinks while more than this share of the instances, and more than one, went out of sight at once. A fifth is more than ECS agents that reconnect by themselves ever are, and less than a zone of three.',
    format: share(0, 1),
    default: 0.2,
    env: ['SPOTKEEPER_SAFETY_UNKNOWN_SHARE'],
  },
} as const;
