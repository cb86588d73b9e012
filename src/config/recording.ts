// Where passes are recorded, for whoever reads the record. Whatever else is wrong in the controller's file is none of a
// reader's business: it may be why somebody reads.
import { CONTROLLER_SETTINGS } from './controller-settings.ts';
import { firstSet } from './environment.ts';
import type { ConfigInput } from './logging.ts';
import { badConfiguration } from './mistake.ts';
import { pathFrom } from './relative-path.ts';
import { readSettings } from './settings.ts';

export interface RecordingPlace {
  /** null where nothing is recorded. */
  readonly directory: string | null;
  /** The file that was read; null when none was named. */
  readonly file: string | null;
}

/** @throws Failure `bad-configuration` when the file or this key of it cannot be read */
export function readRecordingPlace({ flags, env, file: named }: Omit<ConfigInput, 'isTerminal'>): RecordingPlace {
  const file = named ?? firstSet(env, ['SPOTKEEPER_CONFIG'])?.text ?? null;
  const { values, mistakes, originOf } = readSettings(CONTROLLER_SETTINGS, { flags, env, file });
  const ours = mistakes.filter(({ key }) => key === null || key === 'recording.directory');
  if (ours.length > 0) throw badConfiguration(ours);
  const path = values['recording.directory'];
  return { directory: path === null ? null : pathFrom(originOf('recording.directory'), path), file };
}
