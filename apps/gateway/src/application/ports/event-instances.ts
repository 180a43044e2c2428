/** A process of the events service that holds sockets, as it announces itself. */
export interface EventInstance {
  /** Its name: what the ids of its sockets begin with, before the dot. */
  readonly instance: string;
  /** `host:port` of its private door. */
  readonly address: string;
  /** Sockets it holds. */
  readonly sockets: number;
  /** It takes no new ones. */
  readonly draining: boolean;
}

/** The processes that hold sockets just now. */
export abstract class EventInstances {
  /** Those that are alive, as they last said. Costs nothing: they are known before they are asked for. */
  abstract all(): readonly EventInstance[];
}
