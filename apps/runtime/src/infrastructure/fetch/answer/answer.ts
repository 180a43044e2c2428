import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type { Json, JsonMap } from '@millrace/kernel';

/** An answer read in full: what was packed is unpacked. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
}

/** An answer that goes on until its sender ends it: its body is as yet unread, and has to be read or destroyed. */
export interface StreamedAnswer extends Omit<Answer, 'bytes'> {
  readonly body: Readable;
}

/** One header as text; the values of one that came several times joined as HTTP joins them. */
export function headerOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

/** The headers as a map of lower-case names; those that came several times are lists. */
export function headersOf(headers: IncomingHttpHeaders): JsonMap {
  const entries = Object.entries(headers).filter(([name, value]) => name !== '__proto__' && value !== undefined);
  return Object.fromEntries(entries as [string, Json][]);
}
