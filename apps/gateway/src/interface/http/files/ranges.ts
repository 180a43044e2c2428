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
  const { range = '', 'if-range': condition = etag } = headers;
  const [, first, last] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(range.trim()) ?? [];
  if (first === undefined || last === undefined || condition !== etag) return undefined;
  if (first === '') return last === '' ? undefined : within(size - Number(last), size - 1, size);
  if (last === '') return within(Number(first), size - 1, size);
  return Number(last) < Number(first) ? undefined : within(Number(first), Number(last), size);
}

function within(start: number, end: number, size: number): Span | 'none' {
  return size === 0 || start >= size ? 'none' : { start: Math.max(0, start), end: Math.min(end, size - 1) };
}
