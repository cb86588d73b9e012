// What a controller writes reaches AWS only while the lease is its own: nobody who has lost it, and nobody who woke up.
import type { Invariant } from './invariant.ts';

export const leadersWriteAlone: Invariant = {
  name: 'only the holder of the lease writes',
  watch({ stage }, broken) {
    stage.wire.listen(({ caller: { process }, doing }) => {
      if (!process.name.startsWith('controller')) return;
      const { kept } = stage.leaseTable;
      if (kept?.holder === process.name) return;
      broken(`${process.name}: ${doing}, and the lease is ${kept === null ? 'nobody’s' : `of ${kept.holder}`}`);
    });
  },
};
