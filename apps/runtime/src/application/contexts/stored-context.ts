import type { LoadRequest } from '@millrace/language';
import type { Entry } from '@millrace/messaging';
import { NOTHING, type ContextRecord } from '../../domain/contexts/record';

/** A record with the name it is kept for: the key does not always tell. */
export interface StoredContext {
  readonly v: 1;
  readonly name: LoadRequest;
  readonly record: ContextRecord;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function encodeContext({ context, instance, owner }: LoadRequest, record: ContextRecord): Uint8Array {
  const stored: StoredContext = { v: 1, name: { context, instance, owner }, record };
  return encoder.encode(JSON.stringify(stored));
}

export function decodeContext({ value }: Entry): StoredContext {
  return JSON.parse(decoder.decode(value)) as StoredContext;
}

/** What a key holds; nothing if it is absent. */
export function recordIn(entry: Entry | undefined): ContextRecord {
  return entry === undefined ? NOTHING : decodeContext(entry).record;
}
