// The keys of the record of passes, which `spotkeeper explain` reads.
import { filePath, orNothing, wholeNumber } from './format.ts';

export const RECORDING_SETTINGS = {
  'recording.directory': {
    doc: 'Where the leader writes down every pass, for `spotkeeper explain`: what it saw, planned and why. A directory of its own for each controller, relative to the file it is written in, from the environment to the working directory; it is made when need be. Left out, nothing is recorded.',
    format: orNothing(filePath),
    default: null,
    env: ['SPOTKEEPER_RECORDING_DIRECTORY'],
  },
  'recording.maxMegabytes': {
    doc: 'What the record may take on disk in all; then the oldest of it goes. Compressed as it is, the default holds weeks of a cluster of a hundred instances, and hours of one of five thousand that is never still.',
    format: wholeNumber(16, 1_000_000),
    default: 256,
    env: ['SPOTKEEPER_RECORDING_MAX_MEGABYTES'],
  },
} as const;
