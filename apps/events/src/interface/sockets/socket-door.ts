import { randomBytes } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DomainError } from '@millrace/kernel';
import { listeningRefused, type NearServers } from '@millrace/service';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { Server, type ServerOptions } from 'socket.io';
import type { Measures } from '../../application/measures';
import type { Attendance } from '../../application/live/attendance/attendance';
import type { Instances } from '../../application/ports/instances';
import { Connection, type ConnectionParts } from './connection';
import { read } from './messages';
import { visitOf } from './doorkeeper';
import type { Namespaces } from './namespaces';
import { problemOf } from './problem';
import type { StreamDoor } from '../streams/stream-door';
import type { SocketServer, WorkspaceSocket } from './socket';

/** Of a workspace, or of what is addressed to whoever comes. */
const NAMESPACE = /^\/v1\/(?:workspaces\/([A-Za-z0-9_-]{1,64})|me)\/events$/;
/** What begins a packet with binary parts in the socket.io protocol. */
const BINARY_PACKET = /^[56]/;
const BEAT = 3_000;
/** Milliseconds in which clients are asked to go elsewhere, and then so many more before they are made to. */
const DRAIN = 5_000;

const SETTINGS: Partial<ServerOptions> = {
  path: '/socket.io',
  transports: ['websocket', 'polling'],
  serveClient: false,
  cleanupEmptyChildNamespaces: true,
  connectTimeout: 10_000,
  maxHttpBufferSize: 300 * 1024,
  pingInterval: 15_000,
  pingTimeout: 10_000,
  perMessageDeflate: false,
  httpCompression: false,
};

function refusalOf(error: unknown): Error {
  const problem = problemOf(error);
  return Object.assign(new Error(problem.detail), { data: problem });
}

type EngineConnection = WorkspaceSocket['conn'];

export interface SocketDoorParts extends ConnectionParts {
  /** Answers the requests on the same port that are of no socket. */
  readonly streams: StreamDoor;
  readonly instances: Instances;
  readonly nearServers: NearServers;
  readonly attendance: Attendance;
  readonly namespaces: Namespaces;
  readonly measures: Measures;
  /** The name of this instance. */
  readonly instance: string;
  readonly host: string;
  readonly port: number;
}

/** The sockets of this instance, on a private port that gateways learn from KeyValue. */
export class SocketDoor implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly http = createServer((request, response) => void this.parts.streams.serve(request, response));
  private readonly io: SocketServer;
  private readonly sockets = new Set<WorkspaceSocket>();
  private readonly left = new EventEmitter();
  private beat: NodeJS.Timeout | undefined;
  private draining = false;

  constructor(private readonly parts: SocketDoorParts) {
    this.io = new Server({ ...SETTINGS, allowRequest: (request, decide) => void this.meet(request, decide) });
    // Only workspaces and people have events: the root is nobody's.
    this.io.use((_socket, next) => next(new Error('Connect to /v1/workspaces/<id or slug>/events or /v1/me/events.')));
    this.io
      .of(NAMESPACE)
      .use((socket, next) => void this.admit(socket, next))
      .on('connection', (socket) => this.welcome(socket));
  }

  /** `host:port` once it listens. */
  get address(): string {
    const { address, port } = this.http.address() as AddressInfo;
    return `${address}:${port}`;
  }

  async onApplicationBootstrap(): Promise<void> {
    const { host, port } = this.parts;
    const listening = once(this.http, 'listening');
    this.http.listen(port, host);
    await listening.catch((error: unknown) => {
      throw listeningRefused(error, host, port, 'MILLRACE_EVENTS_PORT');
    });
    this.http.on('error', (error) => this.parts.log.error('The port of the sockets failed.', { error }));
    this.io.attach(this.http);
    this.io.engine.generateId = () => `${this.parts.instance}.${randomBytes(16).toString('base64url')}`;
    this.io.engine.on('connection', (connection: EngineConnection) => this.watch(connection));
    this.parts.nearServers.open(this.address, (request, connection, head) => void this.http.emit('upgrade', request, connection, head));
    await this.announce();
    this.beat = setInterval(() => void this.announceOrWarn(), BEAT);
  }

  async beforeApplicationShutdown(): Promise<void> {
    if (!this.http.listening) return;
    clearInterval(this.beat);
    this.draining = true;
    await this.announceOrWarn();
    const elsewhere = await this.parts.instances.others(this.parts.instance).then(
      (others) => others.length > 0,
      () => false,
    );
    const streamsLeft = this.parts.streams.drain();
    for (const socket of this.sockets) socket.emit('drain', { within: elsewhere ? DRAIN : 0 });
    if (elsewhere && this.sockets.size > 0) await once(this.left, 'all', { signal: AbortSignal.timeout(2 * DRAIN) }).catch(() => undefined);
    await streamsLeft;
    this.parts.nearServers.close(this.address);
    await this.io.close();
    await this.parts.instances.withdraw(this.parts.instance).catch(() => undefined);
  }

  private async meet(request: IncomingMessage, decide: (refusal: string | null, admitted: boolean) => void): Promise<void> {
    try {
      await this.parts.doorkeeper.meet(request);
      decide(null, !this.draining);
    } catch (error) {
      decide(problemOf(error).detail, false);
    }
  }

  private async admit(socket: WorkspaceSocket, next: (refusal?: Error) => void): Promise<void> {
    try {
      this.parts.namespaces.enter(socket.conn);
    } catch (error) {
      return next(refusalOf(error));
    }
    try {
      const { token, subscribe } = read.handshake(socket.handshake.auth);
      const [, where] = NAMESPACE.exec(socket.nsp.name) ?? [];
      socket.data.where = where;
      socket.data.asOf = this.parts.feed.expect();
      socket.data.admission = await this.parts.doorkeeper.admit(socket.request, where, token);
      // Nobody would tell of its end: it gets no seat. To be passed on all the same, so that its namespace is let go of.
      if (socket.conn.readyState !== 'open') return next();
      socket.data.seat = this.parts.attendance.enter(visitOf(socket.data.admission, where, socket.conn));
      if (subscribe !== undefined) socket.data.first = subscribe;
      next();
    } catch (error) {
      this.parts.namespaces.leave(socket.conn);
      if (!(error instanceof DomainError)) this.parts.log.error('A socket could not be admitted.', { error });
      next(refusalOf(error));
    }
  }

  private welcome(socket: WorkspaceSocket): void {
    this.sockets.add(socket);
    socket.on('disconnect', (reason) => {
      this.sockets.delete(socket);
      this.parts.namespaces.leave(socket.conn);
      this.parts.measures.closed.inc({ reason: socket.data.ended ?? reason });
      if (this.sockets.size === 0) this.left.emit('all');
    });
    new Connection(socket, this.parts);
  }

  private watch(connection: EngineConnection): void {
    const { connections } = this.parts.measures;
    let transport = connection.transport.name;
    connections.inc({ transport });
    connection.on('upgrade', ({ name }: { name: string }) => {
      connections.dec({ transport });
      transport = name;
      connections.inc({ transport });
    });
    connection.on('close', () => connections.dec({ transport }));
    connection.prependListener('data', (data: unknown) => {
      if (typeof data !== 'string' || BINARY_PACKET.test(data)) connection.close();
    });
  }

  private async announce(): Promise<void> {
    const { address, draining } = this;
    const { instance, instances, attendance, streams } = this.parts;
    const sockets = this.io.engine.clientsCount + streams.open;
    await instances.announce({ instance, address, draining, sockets, attended: attendance.told() });
    attendance.hear((await instances.others(instance)).map(({ attended }) => attended));
  }

  private async announceOrWarn(): Promise<void> {
    await this.announce().catch((error: unknown) => this.parts.log.warn('Gateways cannot be told of this instance.', { error }));
  }
}
