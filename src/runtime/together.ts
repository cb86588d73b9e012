// Several pieces of work with one end: the first that fails ends the others, and nobody is left running unseen.

/**
 * Resolves when all are done. When one rejects, the signal of all aborts, and once every one is over the first error is
 * thrown. Each piece is expected to end soon after its signal aborts.
 */
export async function together(
  signal: AbortSignal,
  pieces: readonly ((signal: AbortSignal) => Promise<void>)[],
): Promise<void> {
  const failed = new AbortController();
  const errors: unknown[] = [];
  const either = AbortSignal.any([signal, failed.signal]);
  await Promise.all(
    pieces.map(async (piece) => {
      try {
        await piece(either);
      } catch (error) {
        errors.push(error);
        failed.abort();
      }
    }),
  );
  if (errors.length > 0) throw errors[0];
}
