import type { IncomingHttpHeaders } from 'node:http';

/** Bytes `start` to `end`, both inclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * The part of `size` bytes that a request asks for (RFC 9110 §14): undefined, all of them; `none`, bytes that there are not. More parts than
 * one, other units, and parts of a revision that is not this one any more (`If-Range`) are answered with all.
 */
export function spanOf(headers: IncomingHttpHeaders, size: number, etag: string): Span | 'none' | undefined {
  const { range, 'if-range': condition } = headers;
  const [, first, last] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(range?.trim() ?? '') ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined;
  if (condition !== undefined && condition !== etag) return undefined;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (first !== '' && last !== '' && Number(last) < start) return undefined;
  return start >= size || start > end ? 'none' : { start, end };
}
