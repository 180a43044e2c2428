import type { JsonMap } from '@millrace/kernel';
import { io, type Socket } from 'socket.io-client';
import type { ClientOptions } from './options';
import { ApiProblem } from './problem';

export interface FeedOptions {
  /** Type patterns; absent: all types. */
  readonly types?: readonly string[];
  /** Filter, e.g. `payload.total >= 1000`. */
  readonly where?: string;
  /** Position of the last event seen; absent: from now on. */
  readonly since?: string;
}

/** An event as it is delivered, and the position to resume from behind it. */
export interface Delivered {
  readonly position?: string;
  readonly event: JsonMap;
}

/** What happened to the feed besides events. `gap`: events between were lost to us, for this reason. */
export type FeedNews = { readonly kind: 'gap'; readonly reason: string } | { readonly kind: 'closed'; readonly reason: string };

interface Packet {
  /** Absent for events that only those connected now get: they have no place in the log. */
  readonly offset?: string;
  readonly event: JsonMap & { readonly id: string; readonly epoch: string };
}

/** Acknowledgement of a subscription, or the problem that refused it. */
interface Subscribed {
  readonly position: string;
  readonly recovered: boolean;
  readonly reason?: string;
}

const REMEMBERED = 1_000;

/**
 * Live events of a workspace over a socket, in the order of the log. After a broken connection it goes on behind the last event seen:
 * nothing twice, nothing missing, or a `gap` that says why.
 */
export class EventFeed {
  private socket: Socket | undefined;
  private position: string | undefined;
  private readonly seen = new Set<string>();

  constructor(
    private readonly client: ClientOptions,
    private readonly workspace: string,
    private readonly options: FeedOptions,
  ) {
    this.position = options.since;
  }

  /** Resolves when the subscription is in force; rejects with an `ApiProblem` when it is refused, with an Error when nobody answers. */
  async start(onEvent: (delivered: Delivered) => void, onNews: (news: FeedNews) => void = () => undefined): Promise<void> {
    let first: object | undefined = await this.proof();
    const namespace = `/v1/workspaces/${encodeURIComponent(this.workspace)}/events`;
    const socket = io(new URL(namespace, this.client.url).href, {
      transports: ['websocket'],
      // Asked for anew at each connection: the token of the one before may have ended.
      auth: (give) => {
        if (first === undefined) void this.proof().then(give, () => give({}));
        else give(first);
        first = undefined;
      },
      forceNew: true,
    });
    this.socket = socket;
    socket.on('event', (packet: Packet) => this.deliver(packet, onEvent));
    socket.on('gap', ({ reason, from }: { reason: string; from?: string }) => {
      this.position = from ?? this.position;
      onNews({ kind: 'gap', reason });
    });
    socket.on('auth.expiring', () => void this.renew(socket));
    socket.on('disconnect', (reason) => onNews({ kind: 'closed', reason }));
    let wasOpen = false;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    socket.on('connect_error', (error: Error & { data?: JsonMap }) => {
      reject(error.data === undefined ? error : new ApiProblem(Number(error.data['status'] ?? 500), error.data));
      if (!wasOpen) socket.disconnect();
    });
    socket.on('connect', () => {
      wasOpen = true;
      void this.subscribe(socket, onNews).then(resolve, reject);
    });
    return promise;
  }

  stop(): void {
    this.socket?.disconnect();
  }

  /** What the client shows to say who it is. */
  private async proof(): Promise<{ readonly token?: string }> {
    const token = await this.client.token?.();
    return token === undefined ? {} : { token };
  }

  /** Goes on with a new token, if there is one; else the connection ends, and is opened again with what there is then. */
  private async renew(socket: Socket): Promise<void> {
    const proof = await this.proof().catch(() => ({}));
    if ('token' in proof) socket.emit('auth', proof);
  }

  private async subscribe(socket: Socket, onNews: (news: FeedNews) => void): Promise<void> {
    const { types, where } = this.options;
    const request = {
      id: 'feed',
      ...(types === undefined ? {} : { types }),
      ...(where === undefined ? {} : { where }),
      ...(this.position === undefined ? {} : { since: this.position }),
    };
    const answer = (await socket.emitWithAck('subscribe', request)) as Subscribed | JsonMap;
    if ('code' in answer) throw new ApiProblem(Number(answer['status'] ?? 500), answer);
    const { position, recovered, reason } = answer as Subscribed;
    if (this.position !== undefined && !recovered) onNews({ kind: 'gap', reason: reason ?? 'unknown' });
    this.position ??= position;
  }

  private deliver({ offset, event }: Packet, onEvent: (delivered: Delivered) => void): void {
    const { id, epoch } = event;
    if (this.seen.has(id)) return;
    this.seen.add(id);
    const [oldest] = this.seen;
    if (this.seen.size > REMEMBERED && oldest !== undefined) this.seen.delete(oldest);
    if (offset !== undefined) this.position = `${epoch}-${offset}`;
    onEvent({ event, ...(this.position === undefined ? {} : { position: this.position }) });
  }
}
