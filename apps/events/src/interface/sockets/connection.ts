import { DomainError, type Alarms, type Clock } from '@millrace/kernel';
import type { Log } from '@millrace/observability';
import type { EmitEvents, EventDraft } from '../../application/emit-events';
import type { Guest } from '../../application/live/closings';
import type { LiveConnection } from '../../application/live/connections/live-connections';
import { Expiry } from '../../application/live/expiry';
import { Listener } from '../../application/live/listener';
import type { LiveFeed } from '../../application/live/live-feed';
import type { SubscribeRequest } from '../../application/live/subscribe';
import type { Admission, Doorkeeper } from './doorkeeper';
import { read } from './messages';
import { problemOf } from './problem';
import type { Reply, WorkspaceSocket } from './socket';
import { SocketOutlet } from './socket-outlet';

const MINUTE = 60_000;
const MOST_UNKNOWN = 10;
/** Messages of a client that takes no answers. */
const MOST_UNANSWERED = 5_000;

export interface ConnectionParts {
  readonly feed: LiveFeed;
  readonly emit: EmitEvents;
  readonly doorkeeper: Doorkeeper;
  readonly clock: Clock;
  readonly alarms: Alarms;
  readonly log: Log;
}

/** One client in one workspace: its messages become calls, and what they answer goes back. */
export class Connection {
  private readonly outlet: SocketOutlet;
  private readonly listener: Listener;
  private readonly expiry: Expiry;
  private unknown: number[] = [];
  /** Messages since something could be written. */
  private unanswered = 0;
  private readonly onWritten = (): void => {
    this.unanswered = 0;
  };
  private readonly guest: Guest = { is: () => this.socket.data.admission, end: (reason) => this.outlet.end(reason) };
  private readonly entry: LiveConnection;
  private readonly tell: Reply = (problem) => this.socket.emit('problem', problem);
  private readonly handlers: ReadonlyMap<string, (body: unknown, reply: Reply) => Promise<void>> = new Map([
    ['subscribe', async (body, reply) => this.subscribe(read.subscribe(body), reply)],
    ['unsubscribe', async (body, reply) => this.unsubscribe(read.unsubscribe(body).id, reply)],
    ['emit', async (body, reply) => this.emit(read.emit(body), reply)],
    ['auth', async (body, reply) => this.renew(read.auth(body).token, reply)],
  ]);

  constructor(
    private readonly socket: WorkspaceSocket,
    private readonly parts: ConnectionParts,
  ) {
    const { admission, asOf, seat } = socket.data;
    this.outlet = new SocketOutlet(socket, this.onWritten);
    this.listener = new Listener(admission.reading, parts.feed, this.outlet, asOf, seat);
    this.expiry = new Expiry(this.outlet, parts);
    this.expiry.watch(admission.expiresAt);
    socket.onAny((name: unknown, body: unknown, reply: unknown) => void this.hear(name, body, reply));
    socket.conn.on('drain', this.onWritten);
    socket.on('disconnect', () => this.leave());
    this.entry = this.entryOf(admission, parts.clock.now());
    parts.feed.connections.enter(admission.reading.place, this.entry);
    parts.feed.closings.enter(this.guest);
    const { first } = socket.data;
    if (first !== undefined) void this.guard(() => this.subscribe(first, (answer) => this.confirm(first.id, answer)), this.tell);
  }

  /** `name`: the protocol lets a packet have none, or a number. */
  private async hear(name: unknown, body: unknown, reply: unknown): Promise<void> {
    if (typeof name !== 'string') return this.outlet.end(nameless());
    this.unanswered += 1;
    if (this.unanswered > MOST_UNANSWERED) return this.outlet.end(unanswerable());
    const handler = this.handlers.get(name);
    const answer: Reply = typeof reply === 'function' ? (reply as Reply) : () => undefined;
    const complain = typeof reply === 'function' ? answer : this.tell;
    if (handler === undefined) this.refuseUnknown(name, complain);
    else await this.guard(() => handler(body, answer), complain);
  }

  private async guard(work: () => Promise<void>, complain: Reply): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof DomainError)) this.parts.log.error('A message of a socket could not be handled.', { error });
      complain(problemOf(error));
    }
  }

  private async subscribe(request: SubscribeRequest, reply: Reply): Promise<void> {
    const { answer, begin } = await this.listener.subscribe(request);
    reply(answer);
    begin();
  }

  /** What an acknowledgement would say of a subscription that came with the connect packet. */
  private confirm(id: string, answer: object): void {
    this.socket.emit('subscribed', { id, ...answer });
  }

  private async unsubscribe(id: string, reply: Reply): Promise<void> {
    this.listener.unsubscribe(id);
    reply({ id });
  }

  private async emit(draft: EventDraft, reply: Reply): Promise<void> {
    const { principal, sending } = this.socket.data.admission;
    const [accepted] = await this.parts.emit.run(this.parts.doorkeeper.contextOf(principal), {
      drafts: [draft],
      place: () => '',
      socket: this.socket.id,
      admit: async () => {
        if (sending instanceof DomainError) throw sending;
        return { ...sending, permission: sending.permission.at(this.parts.clock.now()) };
      },
    });
    const { id = '', offset } = accepted ?? {};
    reply(offset === undefined ? { id } : { id, offset: String(offset) });
  }

  private async renew(token: string, reply: Reply): Promise<void> {
    const { socket } = this;
    const { principal } = socket.data.admission;
    const asOf = this.parts.feed.expect();
    const admission = await this.parts.doorkeeper.admit(socket.request, socket.data.where, token);
    if (admission.principal.id !== principal.id || admission.principal.kind !== principal.kind) throw anotherPrincipal();
    // Who has left meanwhile has left everything.
    if (!socket.connected) return;
    socket.data.admission = admission;
    this.listener.renew(admission.reading, asOf);
    this.parts.feed.closings.enter(this.guest);
    this.expiry.watch(admission.expiresAt);
    reply(admission.expiresAt === undefined ? {} : { expiresAt: new Date(admission.expiresAt).toISOString() });
  }

  private refuseUnknown(name: string, complain: Reply): void {
    const now = this.parts.clock.now();
    this.unknown = [...this.unknown.filter((at) => at > now - MINUTE), now];
    const refusal = unknownMessage(name);
    if (this.unknown.length >= MOST_UNKNOWN) this.outlet.end(refusal);
    else complain(problemOf(refusal));
  }

  private leave(): void {
    this.expiry.stop();
    this.socket.conn.off('drain', this.onWritten);
    this.listener.close();
    this.socket.data.seat.leave();
    this.parts.feed.closings.leave(this.guest);
    this.parts.feed.connections.leave(this.socket.data.admission.reading.place, this.entry);
  }

  private entryOf({ principal: { kind, id: principal } }: Admission, openedAt: number): LiveConnection {
    const { socket, listener, outlet } = this;
    const known = { id: socket.id, kind, principal, openedAt };
    return {
      ...known,
      describe: () => ({ ...known, transport: socket.conn.transport.name, ...listener.describe() }),
      dismiss: (reason) => outlet.dismiss(reason),
    };
  }
}

function unknownMessage(name: string): DomainError {
  return new DomainError(
    'events.message_unknown',
    'invalid',
    `There is no message "${name.slice(0, 64)}". Send subscribe, unsubscribe, emit or auth.`,
  );
}

function nameless(): DomainError {
  return new DomainError('events.message_invalid', 'invalid', 'A message begins with its name: subscribe, unsubscribe, emit or auth.');
}

function unanswerable(): DomainError {
  return new DomainError('events.slow', 'exhausted', 'You send messages without taking the answers. Connect again and read what comes.');
}

function anotherPrincipal(): DomainError {
  return new DomainError('events.another_principal', 'forbidden', 'This token is of somebody else. Open a connection of its own for it.');
}
