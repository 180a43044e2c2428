import type { Server, Socket } from 'socket.io';
import type { Seat } from '../../application/live/attendance/attendance';
import type { SubscribeRequest } from '../../application/live/subscribe';
import type { Admission, Where } from './doorkeeper';

/** Answers one message of a client. */
export type Reply = (answer: object) => void;

/** Messages of either side: a name, a body and, from clients, perhaps a way to answer. Bodies are read by `messages.ts`. */
type Messages = Readonly<Record<string, (body: object, reply?: Reply) => void>>;

export interface SocketData {
  /** What its namespace is about. */
  where: Where;
  admission: Admission;
  seat: Seat;
  /** Head of the feed before the admission was decided. */
  asOf: bigint;
  /** The subscription that came with the connect packet. */
  first?: SubscribeRequest;
  /** The code under which we ended it. */
  ended?: string;
}

/** A client in the namespace of one workspace. */
export type WorkspaceSocket = Socket<Messages, Messages, Messages, SocketData>;

export type SocketServer = Server<Messages, Messages, Messages, SocketData>;
