// One thing the story expects, and whether it came true.

export interface Expectation {
  readonly act: number;
  /** What is expected, as a sentence that can be true or false. */
  readonly name: string;
  readonly held: boolean;
  /** The figure it was judged by. */
  readonly detail: string;
}
