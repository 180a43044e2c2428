import { DomainError } from '@millrace/kernel';

/** Bytes with headers: what travels between services. Header names are lower case. */
export interface WireMessage {
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}

export interface RequestOptions {
  /** Milliseconds until the caller gives up. For a stream: until the first reply, and between replies. */
  readonly timeout: number;
  /** Ends the request early; the server of a stream stops producing. */
  readonly signal?: AbortSignal;
}

/** A request as its server sees it: subjects may be served by pattern, so the concrete one is told. */
export interface WireRequest extends WireMessage {
  readonly subject: string;
  /** Aborted when the caller went away, gave up, or the wire closes. */
  readonly signal: AbortSignal;
}

export interface WireHandlers {
  /** Answers a request with one message. A throw reaches the caller as `wire.handler_failed`. */
  request?(request: WireRequest): Promise<WireMessage>;
  /** Answers a request with many messages, one at a time, no faster than the caller takes them. */
  stream?(request: WireRequest): AsyncIterable<WireMessage>;
}

export interface Registration {
  /** Takes no new messages, waits for those in hand. */
  close(): Promise<void>;
}

/** No process serves the subject. Safe to try again: nothing was done. */
export function noOneListens(subject: string): DomainError {
  return new DomainError(
    'wire.no_one_listens',
    'unavailable',
    `No service answers "${subject}" at the moment. Try again in a few seconds.`,
    {
      facts: { subject },
    },
  );
}

/** The deadline passed without an answer. Whether the work was done is unknown. */
export function wireTimeout(subject: string, timeout: number): DomainError {
  return new DomainError('wire.timeout', 'unavailable', `"${subject}" did not answer within ${timeout} ms.`, {
    facts: { subject, timeout },
  });
}

/** The other side broke while it answered. */
export function handlerFailed(subject: string): DomainError {
  return new DomainError('wire.handler_failed', 'unavailable', `The service behind "${subject}" failed while it answered.`, {
    facts: { subject },
  });
}

/** The connection between the processes is lost. Whether a request in flight was done is unknown; one made now was not sent. */
export function wireDisconnected(): DomainError {
  const message = 'The connection to the other services is lost and being made again. Try again in a few seconds.';
  return new DomainError('wire.disconnected', 'unavailable', message);
}

/** This process may not say that on the wire. Nothing was sent on. */
export function wireForbidden(subject: string): DomainError {
  const message = `This service may not send to "${subject}". What its NATS user may is declared in deploy/nats.`;
  return new DomainError('wire.forbidden', 'forbidden', message, { facts: { subject } });
}

/** More bytes, headers included, than the wire takes. Nothing was sent. */
export function messageTooLarge(subject: string, bytes: number, largest: number): DomainError {
  const message = `A message on "${subject}" has ${bytes} bytes; at most ${largest} are allowed. Send less, or in parts.`;
  return new DomainError('wire.message_too_large', 'invalid', message, { facts: { subject, bytes, largest } });
}

/** The wire was closed on this side. */
export function wireClosed(): DomainError {
  return new DomainError('wire.closed', 'unavailable', 'The connection to the other services is closed: this process is stopping.');
}

/**
 * Bytes between processes (or between services of one process: the adapter copies, so nothing is shared by accident). Delivery is at
 * most once; what must not be lost goes through the EventLog. Subjects are tokens joined by dots; in `serve` and `subscribe`, `*` is
 * one token and a final `>` the rest. Queue group: one member of the group gets each message.
 */
export abstract class Wire {
  /**
   * One request, one reply. Rejects with `wire.no_one_listens`, `wire.timeout`, `wire.handler_failed`, `wire.disconnected`,
   * `wire.forbidden`, `wire.message_too_large`, `wire.closed`, or the reason of the signal. An empty reply is a reply.
   */
  abstract request(subject: string, message: WireMessage, options: RequestOptions): Promise<WireMessage>;
  /** One request, many replies in order. Leaving the loop, or the signal, cancels the work on the other side. Errors as for `request`. */
  abstract stream(subject: string, message: WireMessage, options: RequestOptions): AsyncIterable<WireMessage>;
  /** Answers requests and streams on a subject, as one of a queue group. Resolves when the subject is being served. */
  abstract serve(subject: string, group: string, handlers: WireHandlers): Promise<Registration>;
  /** Sends to whoever subscribed just now; no one is fine. */
  abstract publish(subject: string, message: WireMessage): Promise<void>;
  /** Gets what is published; with `group`, one member of it gets each message. Resolves when in force. */
  abstract subscribe(subject: string, handler: (message: WireMessage, subject: string) => void, group?: string): Promise<Registration>;
  /** Ends everything; requests in flight reject with `wire.closed`. */
  abstract close(): Promise<void>;
}
