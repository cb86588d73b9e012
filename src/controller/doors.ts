// What the controller listens on, opened and closed together: the status port, and the one on which agents ask for a look.
import type { Server } from 'node:http';
import { type PokePortOptions, servePokes } from './poke-port.ts';
import { type StatusSources, serveStatus } from './status-port.ts';

export interface Door {
  /** Where it really listens: a configured port of 0 takes any free one. */
  readonly address: string;
}

export interface Doors {
  /** null where it was not asked for. */
  readonly status: Door | null;
  readonly poke: Door | null;
  close(): void;
}

export interface DoorOptions {
  /** null: nobody listens. */
  readonly status: (StatusSources & { readonly host: string; readonly port: number }) | null;
  readonly poke: PokePortOptions;
}

/** @throws Failure `bad-configuration` when one of them cannot be opened; none is open then */
export async function openDoors({ status, poke }: DoorOptions): Promise<Doors> {
  const statusServer = status === null ? null : await serveStatus(status);
  const pokeServer = await servePokes(poke).catch((error: unknown) => {
    close(statusServer);
    throw error;
  });
  return {
    status: doorOf(statusServer),
    poke: doorOf(pokeServer),
    close: () => {
      close(statusServer);
      close(pokeServer);
    },
  };
}

function doorOf(server: Server | null): Door | null {
  const address = server?.address() ?? null;
  if (address === null) return null;
  return { address: typeof address === 'object' ? `${address.address}:${address.port}` : address };
}

function close(server: Server | null): void {
  server?.close();
  server?.closeAllConnections();
}
