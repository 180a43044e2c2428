/** A service in one process, as it tells of itself. */
export interface RunningService {
  /** Of this instance. */
  readonly id: string;
  readonly service: string;
  readonly host: string;
  readonly version: string;
  readonly ready: boolean;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly dependencies: readonly Dependency[];
}

/** What a service stands on: a server, or a store in its own process. */
export interface Dependency {
  readonly name: string;
  readonly ok: boolean;
  /** Whether the service is ready only with it. */
  readonly essential: boolean;
  /** Why it cannot be used. */
  readonly reason?: string | undefined;
}

/** The services that run just now. */
export abstract class RunningServices {
  /** In no order. Refuses (`unavailable`) when that cannot be known. */
  abstract all(): Promise<readonly RunningService[]>;
}
