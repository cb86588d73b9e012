// How often the metadata service may be asked, where it does not keep connections open: each request costs more packets
// then, and the budget stays the same.
import { PACKETS_PER_SECOND, packetsPerSecond } from '../../model/metadata-budget.ts';

/**
 * The periods as configured where they fit in the budget, else all of them longer by the same factor. In whole
 * milliseconds where they are longer, rounded up.
 */
export function periods<Name extends string>(
  configuredMs: Readonly<Record<Name, number>>,
  keepsConnections: boolean,
): Readonly<Record<Name, number>> {
  const factor = packetsPerSecond(Object.values(configuredMs), keepsConnections) / PACKETS_PER_SECOND;
  if (factor <= 1) return configuredMs;
  const longer = Object.entries<number>(configuredMs).map(([name, periodMs]) => [name, Math.ceil(periodMs * factor)]);
  return Object.fromEntries(longer) as Record<Name, number>; // the same names, which fromEntries cannot say
}
