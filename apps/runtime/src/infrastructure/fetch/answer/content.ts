import type { Json } from '@millrace/kernel';
import type { OutputMode } from '../request/parameters';
import { headerOf } from './answer';
import type { Answer } from './answer';
import { parsedJson } from './json';

/** Bytes of a body that is neither JSON nor text; a larger one becomes a file. */
const LARGEST_INLINE = 1024 * 1024;

/**
 * The body of an answer as its author asked for it. Without a wish: JSON parsed, `text/*` as text, nothing as null, other types as
 * `{ contentType, size, base64 }`. JSON that is none stays text. Throws TooDeep. Bodies that become files are not for it.
 */
export function bodyOf(answer: Answer, mode: OutputMode): Json {
  const contentType = contentTypeOf(answer);
  switch (mode) {
    case 'base64':
      return answer.bytes.toString('base64');
    case 'data_url':
      return `data:${contentType.replace(/\s/g, '')};base64,${answer.bytes.toString('base64')}`;
    case 'body':
    case 'detailed_response':
    case 'file':
      return readableBody(answer.bytes, contentType);
  }
}

/** Whether the body of an answer becomes a file: its author wants one, or it is too large a thing to go through a run as base64. */
export function isFile(answer: Answer, mode: OutputMode): boolean {
  const isReadable = mode === 'body' || mode === 'detailed_response';
  return mode === 'file' || (isReadable && answer.bytes.length > LARGEST_INLINE && kindOf(contentTypeOf(answer)) === 'other');
}

/** What an answer says it is. */
export function contentTypeOf({ headers }: Answer): string {
  return headerOf(headers, 'content-type') ?? 'application/octet-stream';
}

/** Whether an answer is a stream of events, which ends when its sender likes. */
export function isEventStream(contentType: string | undefined): boolean {
  return essenceOf(contentType ?? '') === 'text/event-stream';
}

function readableBody(bytes: Buffer, contentType: string): Json {
  const kind = kindOf(contentType);
  if (kind === 'text') return textOf(bytes, charsetOf(contentType));
  if (bytes.length === 0) return null;
  if (kind === 'other') return { contentType, size: bytes.length, base64: bytes.toString('base64') };
  const text = textOf(bytes, 'utf-8');
  return parsedJson(text) ?? text;
}

function kindOf(contentType: string): 'json' | 'text' | 'other' {
  const essence = essenceOf(contentType);
  if (essence === 'application/json' || essence === 'text/json' || essence.endsWith('+json')) return 'json';
  return essence.startsWith('text/') ? 'text' : 'other';
}

function essenceOf(contentType: string): string {
  return contentType.split(';', 1).join('').trim().toLowerCase();
}

function charsetOf(contentType: string): string {
  return /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType)?.[1] ?? 'utf-8';
}

function textOf(bytes: Buffer, charset: string): string {
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}
