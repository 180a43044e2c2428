import { headers } from '@nats-io/transport-node';
import type { Msg, MsgHdrs, NatsConnection } from '@nats-io/transport-node';
import { messageTooLarge } from '../wire';
import type { WireMessage } from '../wire';

/** Tells the parts of the protocol between two ends of the wire from what they carry. */
const PART = 'millrace-wire';
const NO_RESPONDERS = 503;

/**
 * `once`, `many`: a request for one reply, for a stream. `item`: one reply of a stream. `opened`: a stream is being produced; the reply
 * subject takes credit. `end`: there are no more. `failed`: the handler broke. `unserved`: nobody answers that kind of request.
 */
export type Part = 'once' | 'many' | 'answer' | 'item' | 'opened' | 'end' | 'failed' | 'unserved';

const PARTS: ReadonlySet<string> = new Set<Part>(['once', 'many', 'answer', 'item', 'opened', 'end', 'failed', 'unserved']);

/** What part of the protocol a message is; undefined for one that is none of it. */
export function partOf(message: Msg): Part | undefined {
  if (message.headers?.code === NO_RESPONDERS) return 'unserved';
  const part = message.headers?.get(PART) ?? '';
  return isPart(part) ? part : undefined;
}

/** What a message carries; header names in lower case. */
export function messageOf(message: Msg): WireMessage {
  const found: Record<string, string> = {};
  for (const name of message.headers?.keys() ?? []) {
    if (name !== PART) found[name.toLowerCase()] = message.headers?.get(name) ?? '';
  }
  return { body: message.data, headers: found };
}

/** Sends a part. Refuses with `wire.message_too_large` what the server would not take. */
export function send(
  connection: NatsConnection,
  to: { readonly subject: string; readonly reply?: string },
  part: Part | undefined,
  message: WireMessage,
): void {
  const all = headersOf(message, part);
  const largest = connection.info?.max_payload ?? Infinity;
  const bytes = message.body.length + lengthOf(all);
  if (bytes > largest) throw messageTooLarge(to.subject, bytes, largest);
  connection.publish(to.subject, message.body, { headers: all, ...(to.reply !== undefined && { reply: to.reply }) });
}

export const EMPTY: WireMessage = { body: new Uint8Array(), headers: {} };

function headersOf(message: WireMessage, part: Part | undefined): MsgHdrs {
  const all = headers();
  for (const [name, value] of Object.entries(message.headers)) all.set(name.toLowerCase(), value);
  if (part !== undefined) all.set(PART, part);
  return all;
}

/** As the server counts: `NATS/1.0`, a line per header, an empty line. */
function lengthOf(all: MsgHdrs): number {
  return all.keys().reduce((sum, name) => sum + Buffer.byteLength(name) + Buffer.byteLength(all.get(name)) + 4, 12);
}

function isPart(text: string): text is Part {
  return PARTS.has(text);
}
