// Colour for terminals, and none for anything else: every paint is also a function that changes nothing.

export interface Paint {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly accent: (text: string) => string;
}

const plain = (text: string): string => text;

export const NO_PAINT: Paint = { bold: plain, dim: plain, good: plain, bad: plain, accent: plain };

/** The sixteen colours every terminal has, so that its own theme decides what they look like. */
export const COLOR_PAINT: Paint = {
  bold: sgr(1),
  dim: sgr(2),
  good: sgr(32),
  bad: sgr(31),
  accent: sgr(36),
};

function sgr(code: number): (text: string) => string {
  return (text) => `\u001b[${code}m${text}\u001b[0m`;
}
