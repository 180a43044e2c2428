import type { Json } from '@millrace/kernel';
import type { ReplyRequest } from '@millrace/language';

/** Status and headers of an endpoint's answer, gathered until the first chunk or the end. */
export interface ReplyHead {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** A part of an endpoint's answer: the head first, once, with the body as far as it is there, then chunks. */
export type AnswerPart = { readonly head: ReplyHead; readonly run: string; readonly body?: string } | { readonly chunk: string };

export const EMPTY_HEAD: ReplyHead = { status: 200, headers: {} };

/** What the automation said of its answer so far, with one more `$http`. Headers add up. */
export function withReply(head: ReplyHead, { status, headers }: ReplyRequest): ReplyHead {
  return { status: status ?? head.status, headers: { ...head.headers, ...lowerCase(headers ?? {}) } };
}

/** The head for a body of this kind: text as text, all else as JSON, unless the automation named a type. */
export function headFor(head: ReplyHead, output: Json): ReplyHead {
  if (head.headers['content-type'] !== undefined) return head;
  const type = typeof output === 'string' ? 'text/plain; charset=utf-8' : 'application/json';
  return { ...head, headers: { ...head.headers, 'content-type': type } };
}

/** The body of an output: text as it is, all else as JSON. */
export function bodyOf(output: Json): string {
  return typeof output === 'string' ? output : JSON.stringify(output);
}

/** The head of an answer in chunks. */
export function streamHead(head: ReplyHead): ReplyHead {
  return { ...head, headers: { 'content-type': 'text/event-stream', ...head.headers } };
}

/** Whether an answer is a stream of server-sent events. */
export function isEventStream({ headers }: ReplyHead): boolean {
  return headers['content-type']?.toLowerCase().startsWith('text/event-stream') === true;
}

/** A comment between server-sent events: it says nothing but that the stream goes on. */
export const KEPT_ALIVE = ': \n\n';

/** One chunk, as a server-sent event: its lines as data. */
export function chunkOf(chunk: Json): string {
  const lines = bodyOf(chunk).split('\n');
  return `${lines.map((line) => `data: ${line}`).join('\n')}\n\n`;
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
