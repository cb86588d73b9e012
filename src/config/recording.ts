// Where passes are recorded, for whoever reads the record. Whatever else is wrong in the controller's file is none of a
// reader's business: it may be why somebody reads.
import { CONTROLLER_SETTINGS } from './controller-settings.ts';
import { firstSet } from './environment.ts';
import type { ConfigInput } from './logging.ts';
import { badConfiguration } from './mistake.ts';
import { readSettings } from './settings.ts';

/** null where nothing is recorded. @throws Failure `bad-configuration` when the file or this key of it cannot be read */
export function readRecordingDirectory({ flags, env, file }: Omit<ConfigInput, 'isTerminal'>): string | null {
  const path = file ?? firstSet(env, ['SPOTKEEPER_CONFIG'])?.text ?? null;
  const { values, mistakes } = readSettings(CONTROLLER_SETTINGS, { flags, env, file: path });
  const ours = mistakes.filter(({ key }) => key === null || key === 'recording.directory');
  if (ours.length > 0) throw badConfiguration(ours);
  return values['recording.directory'];
}
