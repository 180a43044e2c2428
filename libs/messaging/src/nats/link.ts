import { setImmediate } from 'node:timers/promises';
import { connect, createInbox, PermissionViolationError } from '@nats-io/transport-node';
import type { NatsConnection, NodeConnectionOptions } from '@nats-io/transport-node';

/** Milliseconds between two tries to reach a server that went away. */
const BETWEEN_TRIES = 250;
/** Milliseconds between two signs of life; a server that left two unanswered is taken for gone. */
const BETWEEN_PINGS = 5_000;
const UNANSWERED_PINGS = 2;

/** The connection was down, or broke, or gave no answer in time. */
export class LinkFailure extends Error {
  override readonly name = 'LinkFailure';

  constructor(
    reason: string,
    /** Whether something may have been sent: what it asked for may have been done, or be done later. */
    readonly wasSent: boolean,
  ) {
    super(reason);
  }
}

/** Hears when the connection breaks, when it stands again, and what this user may not send to. */
export interface LinkFollower {
  onDown?(): void;
  onUp?(): void;
  onForbidden?(subject: string): void;
}

/**
 * A connection to NATS that is made again without end, also after a refusal: a server that has just started may refuse whom it will know
 * in a moment. Nothing is asked over it while it is down, and whoever waits hears at once when it breaks.
 */
export class Link {
  readonly #waiting = new Set<(failure: LinkFailure) => void>();
  readonly #followers = new Set<LinkFollower>();
  #isUp = true;

  private constructor(
    readonly connection: NatsConnection,
    private readonly inboxPrefix: string | undefined,
  ) {
    void this.#followStatus();
  }

  /**
   * Rejects as the NATS client does when no server can be reached now. A user's inboxes begin with `_INBOX_<user>`, unless the options
   * say otherwise: it may hear no others.
   */
  static async open(options: NodeConnectionOptions): Promise<Link> {
    const inboxPrefix = options.inboxPrefix ?? (options.user === undefined ? undefined : `_INBOX_${options.user}`);
    const connection = await connect({
      maxReconnectAttempts: -1,
      ignoreAuthErrorAbort: true,
      reconnectTimeWait: BETWEEN_TRIES,
      pingInterval: BETWEEN_PINGS,
      maxPingOut: UNANSWERED_PINGS,
      noAsyncTraces: true,
      ...options,
      ...(inboxPrefix !== undefined && { inboxPrefix }),
    });
    return new Link(connection, inboxPrefix);
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  /** A new subject that only this connection listens to. */
  inbox(): string {
    return createInbox(this.inboxPrefix);
  }

  /** Does the work, with so many milliseconds for it; else `LinkFailure`, without waiting when the connection is down or breaks. */
  async run<T>(patience: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (!this.#isUp) {
      // A turn of the event loop, else a caller that tries again and again would keep the connection from coming back.
      await setImmediate();
      throw new LinkFailure('the connection is lost and being made again', false);
    }
    const end = new AbortController();
    const failed = Promise.withResolvers<never>();
    const fail = (failure: LinkFailure): void => {
      failed.reject(failure);
      end.abort(failure);
    };
    const timer = setTimeout(() => fail(new LinkFailure(`no answer within ${patience} ms`, true)), patience);
    this.#waiting.add(fail);
    try {
      return await Promise.race([work(end.signal), failed.promise]);
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(fail);
    }
  }

  /** Returns how to end it. */
  follow(follower: LinkFollower): () => void {
    this.#followers.add(follower);
    return () => void this.#followers.delete(follower);
  }

  async #followStatus(): Promise<void> {
    for await (const status of this.connection.status()) {
      if (status.type === 'disconnect') this.#fall();
      else if (status.type === 'reconnect') this.#rise();
      else if (status.type === 'error') this.#refuse(status.error);
    }
    this.#fall();
  }

  #fall(): void {
    this.#isUp = false;
    for (const fail of this.#waiting) fail(new LinkFailure('the connection was lost', true));
    for (const follower of this.#followers) follower.onDown?.();
  }

  #refuse(error: Error): void {
    if (!(error instanceof PermissionViolationError) || error.operation !== 'publish') return;
    for (const follower of this.#followers) follower.onForbidden?.(error.subject);
  }

  #rise(): void {
    this.#isUp = true;
    for (const follower of this.#followers) follower.onUp?.();
  }
}
