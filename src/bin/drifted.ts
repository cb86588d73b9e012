// Which instances are behind their fleet, by one look at it: what `spotkeeper replace --drifted` is about.
import type { ControllerConfig } from '../config/controller.ts';
import type { InstanceId } from '../model/ids.ts';
import { Failure } from '../ports/failure.ts';
import { look } from './look.ts';

/** @throws Failure `unavailable` when it cannot be told now, and those of the look itself */
export async function drifted(config: ControllerConfig): Promise<readonly InstanceId[]> {
  const { report, snapshot } = await look(config);
  const gap = report.gaps.find(
    ({ part }) => part === 'fleet' || part === 'instances' || part === 'container-instances',
  );
  const unread = report.setAside.find(({ reason }) => reason === 'launch-unreadable');
  const why = gap?.why ?? unread?.detail;
  if (why !== undefined) throw new Failure('unavailable', `telling who is behind the fleet: ${why}`);
  // What has not joined yet has no attributes to write on.
  const registered = new Set(snapshot.containerInstances.map(({ instanceId }) => instanceId));
  return report.drifted.filter((id) => registered.has(id));
}
