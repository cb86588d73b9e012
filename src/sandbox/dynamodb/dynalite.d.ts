// dynalite ships no types; this is the part of it that the sandbox uses.
declare module 'dynalite' {
  import type { Server } from 'node:http';

  interface DynaliteOptions {
    /** How long a new table stays CREATING. */
    readonly createTableMs?: number;
    readonly deleteTableMs?: number;
  }

  /** A server that is not listening yet, with an in-memory store unless a path is given. */
  export default function dynalite(options?: DynaliteOptions): Server;
}
