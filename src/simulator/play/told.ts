// What is told of a play while it goes on: one line for each happening, of a fixed form, so that two plays can be compared.

export interface Line {
  /** Since the beginning of the play. */
  readonly atMs: number;
  readonly who: string;
  readonly what: string;
}

export type Tell = (who: string, what: string) => void;

/** `1d 02:03:04.050  controller-a  leads`; the day only from the second on. */
export function renderLine({ atMs, who, what }: Line): string {
  const days = Math.floor(atMs / 86_400_000);
  const clock = new Date(atMs % 86_400_000).toISOString().slice(11, 23);
  return `${days === 0 ? '' : `${days}d `}${clock}  ${who.padEnd(12)}  ${what}`;
}
