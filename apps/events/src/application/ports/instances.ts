/** What an instance says of itself. */
export interface Instance {
  readonly instance: string;
  /** `host:port` where gateways reach its sockets. */
  readonly address: string;
  readonly sockets: number;
  /** It takes no new connections. */
  readonly draining: boolean;
}

/** The live instances of this service, as gateways see them. What is not said again within ten seconds is forgotten. */
export abstract class Instances {
  abstract announce(instance: Instance): Promise<void>;
  abstract withdraw(instance: string): Promise<void>;
  /** Whether another instance takes connections. */
  abstract hasOther(instance: string): Promise<boolean>;
}
