import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/** Takes a connection that asks to become a WebSocket, with what the client has said behind its request, as if it had come to this server itself. */
export type TakeUpgrade = (request: IncomingMessage, connection: Duplex, head: Buffer) => void;

/**
 * The servers of this process by the address they announce. Who would carry every byte between a client and one of them hands the
 * connection over instead; of a service that is alone in its process nobody is near.
 */
export class NearServers {
  private readonly takers = new Map<string, TakeUpgrade>();

  /** From now on connections for this address are handed over. */
  open(address: string, take: TakeUpgrade): void {
    this.takers.set(address, take);
  }

  /** Nothing is handed over any more. */
  close(address: string): void {
    this.takers.delete(address);
  }

  /** Who takes connections for this address; undefined: it is not in this process. */
  at(address: string): TakeUpgrade | undefined {
    return this.takers.get(address);
  }
}
