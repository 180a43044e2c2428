import type { Json } from '@millrace/kernel';
import type { OutputMode } from '../request/parameters';
import { headerOf } from './answer';
import type { Answer } from './answer';
import { parsedJson } from './json';

/**
 * The body of an answer as its author asked for it. Without a wish: JSON parsed, `text/*` as text, nothing as null, other types as
 * `{ contentType, size, base64 }`. JSON that is none stays text. Throws TooDeep.
 */
export function bodyOf(answer: Answer, mode: OutputMode): Json {
  const contentType = headerOf(answer.headers, 'content-type') ?? 'application/octet-stream';
  switch (mode) {
    case 'base64':
      return answer.bytes.toString('base64');
    case 'data_url':
      return `data:${contentType.replace(/\s/g, '')};base64,${answer.bytes.toString('base64')}`;
    case 'body':
    case 'detailed_response':
      return readableBody(answer.bytes, contentType);
  }
}

/** Whether an answer is a stream of events, which ends when its sender likes. */
export function isEventStream(contentType: string | undefined): boolean {
  return essenceOf(contentType ?? '') === 'text/event-stream';
}

function readableBody(bytes: Buffer, contentType: string): Json {
  const essence = essenceOf(contentType);
  const isText = essence.startsWith('text/') && essence !== 'text/json';
  if (isText) return textOf(bytes, charsetOf(contentType));
  if (bytes.length === 0) return null;
  if (essence !== 'application/json' && essence !== 'text/json' && !essence.endsWith('+json')) {
    return { contentType, size: bytes.length, base64: bytes.toString('base64') };
  }
  const text = textOf(bytes, 'utf-8');
  return parsedJson(text) ?? text;
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
