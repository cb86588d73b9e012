/** Where a command prints: a stream, or whatever collects text in a test. */
export interface Writer {
  write(text: string): unknown;
}

/** The two streams of a command: what was asked for goes to `stdout`, everything else to `stderr`. */
export interface Streams {
  readonly stdout: Writer;
  readonly stderr: Writer;
}
