import { randomUUID } from 'node:crypto';
import type { Json } from '@millrace/kernel';
import { textOf } from './form';
import type { Part } from './parameters';

/** A body and what it is. */
export interface Content {
  readonly contentType: string;
  readonly bytes: Buffer;
}

/** The parts as one `multipart/form-data` body. Written by hand since FormData makes a file of every part that has a type. */
export function multipartOf(parts: readonly Part[]): Content {
  const boundary = `millrace-${randomUUID()}`;
  const encoded = parts.flatMap((part) => [Buffer.from(`--${boundary}\r\n${headOf(part)}\r\n`), bytesOf(part), Buffer.from('\r\n')]);
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    bytes: Buffer.concat([...encoded, Buffer.from(`--${boundary}--\r\n`)]),
  };
}

function headOf(part: Part): string {
  const filename = part.filename == null ? '' : `; filename="${quoted(part.filename)}"`;
  const type = part.contentType ?? (isBinary(part.value) ? part.value.contentType : undefined);
  const fallback = part.filename == null ? undefined : 'application/octet-stream';
  const line = typeof type === 'string' ? oneLine(type) : fallback;
  return `Content-Disposition: form-data; name="${quoted(part.fieldname)}"${filename}\r\n${line === undefined ? '' : `Content-Type: ${line}\r\n`}`;
}

/** A binary body as `fetch` gives it, a list of bytes, base64 in a file that is no text, or else text. */
function bytesOf({ value, filename, contentType }: Part): Buffer {
  if (isBytes(value)) return Buffer.from(value);
  if (isBinary(value)) return Buffer.from(value.base64, 'base64');
  const isBinaryFile = (filename ?? contentType) != null && !/^text\/|json\b|xml\b/i.test(contentType ?? '');
  return typeof value === 'string' && isBinaryFile && isBase64(value) ? Buffer.from(value, 'base64') : Buffer.from(textOf(value));
}

function isBytes(value: Json): value is readonly number[] {
  return Array.isArray(value) && value.every((item) => Number.isInteger(item) && item >= 0 && item <= 255);
}

function isBinary(value: Json): value is { readonly base64: string; readonly contentType?: Json } {
  return typeof value === 'object' && value !== null && 'base64' in value && typeof value.base64 === 'string';
}

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text);
}

/** As browsers write names, so that none can end its quotes or its line. */
function quoted(name: string): string {
  return name.replace(/\r/g, '%0D').replace(/\n/g, '%0A').replace(/"/g, '%22');
}

function oneLine(type: string): string {
  return type.replace(/[\r\n]+/g, ' ');
}
