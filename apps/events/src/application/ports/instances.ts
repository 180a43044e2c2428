import type { Attended } from '../../domain/live/attended';

/** What an instance says of itself. */
export interface Instance {
  readonly instance: string;
  /** `host:port` where gateways reach its sockets. */
  readonly address: string;
  readonly sockets: number;
  /** It takes no new connections. */
  readonly draining: boolean;
  /** Who is connected to it with so much that the others have to know. */
  readonly attended: Attended;
}

/** The live instances of this service, as gateways see them. What is not said again within ten seconds is forgotten. */
export abstract class Instances {
  abstract announce(instance: Instance): Promise<void>;
  abstract withdraw(instance: string): Promise<void>;
  /** The others that take connections: who is connected to one that does not is about to leave it. */
  abstract others(instance: string): Promise<readonly Instance[]>;
  /** The names of all, be it that they take no connections any more. */
  abstract all(): Promise<readonly string[]>;
}
