// What the commands that work on single instances need to know: the cluster and the region. Both may come from a
// controller's file, and whatever else is wrong in that file is none of their business: they are for emergencies, too.
import { shortName } from '../model/ids.ts';
import type { Mode } from '../plan/policy.ts';
import { CONTROLLER_SETTINGS } from './controller-settings.ts';
import { firstSet } from './environment.ts';
import type { ConfigInput } from './logging.ts';
import { badConfiguration } from './mistake.ts';
import { readSettings } from './settings.ts';

export interface ClusterConfig {
  /** By its name. */
  readonly cluster: string;
  /** null: as the AWS SDK finds it (profile). */
  readonly region: string | null;
  /** null where no file was named that says it, or not well. */
  readonly mode: Mode | null;
}

/** @throws Failure `bad-configuration` when there is no cluster, when one of the two is wrong, or the file cannot be read */
export function readClusterConfig({ flags, env, file }: Omit<ConfigInput, 'isTerminal'>): ClusterConfig {
  const path = file ?? firstSet(env, ['SPOTKEEPER_CONFIG'])?.text ?? null;
  const { values, mistakes, isGood } = readSettings(CONTROLLER_SETTINGS, { flags, env, file: path });
  const ours = mistakes.filter(({ key }) => key === null || key === 'cluster' || key === 'region');
  if (ours.length > 0) throw badConfiguration(ours);
  const mode = path !== null && isGood('mode') ? values.mode : null;
  return { cluster: shortName(values.cluster), region: values.region, mode };
}
