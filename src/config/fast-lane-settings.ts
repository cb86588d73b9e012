// The keys of looking more often than passes run, and of being told when to.
import { seconds, text, wholeNumber } from './format.ts';

export const FAST_LANE_SETTINGS = {
  'fastLane.periodSeconds': {
    doc: 'How often the leader looks for new notices between two passes, with one or two calls, and how often passes come while something is under way, as far as the calls allow. At 5 the looks take one or two hundredths of what AWS allows an account.',
    format: seconds(1, 300),
    default: 5,
    env: ['SPOTKEEPER_FAST_LANE_PERIOD_SECONDS'],
  },
  'poke.host': {
    doc: 'The address on which agents may ask for a look at once. All of them, as agents come from everywhere; what may be reached there tells and changes nothing.',
    format: text('an address or host name', /^[\w.:-]+$/),
    default: '0.0.0.0',
    env: ['SPOTKEEPER_POKE_HOST'],
  },
  'poke.port': {
    doc: 'The port for that, such as 9481; 0: nobody listens.',
    format: wholeNumber(0, 65_535),
    default: 0,
    env: ['SPOTKEEPER_POKE_PORT'],
  },
} as const;
