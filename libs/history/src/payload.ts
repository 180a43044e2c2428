import { isUtf8 } from 'node:buffer';
import type { Json, JsonMap } from '@millrace/kernel';

/** The payload of an event. Throws on what is not UTF-8 or not a JSON object. */
export function readPayload(bytes: Uint8Array): JsonMap {
  if (!isUtf8(bytes)) throw new Error('it is not UTF-8');
  const payload = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')) as Json;
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) throw new Error('it is not a JSON object');
  return payload as JsonMap;
}
