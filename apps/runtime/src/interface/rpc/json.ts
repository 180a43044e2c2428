import { timestampFromMs, type Timestamp } from '@bufbuild/protobuf/wkt';
import { DomainError, type Json, type JsonMap } from '@millrace/kernel';

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** A value as the bytes of a field that holds JSON. */
export function jsonBytes(value: Json): Uint8Array<ArrayBuffer> {
  return encoder.encode(JSON.stringify(value));
}

/** A field of an answer that holds JSON; nothing for a value that is not there. */
export function jsonField<N extends string>(name: N, value: Json | undefined): { readonly [K in N]?: Uint8Array<ArrayBuffer> } {
  return value === undefined ? {} : ({ [name]: jsonBytes(value) } as { [K in N]: Uint8Array<ArrayBuffer> });
}

/** A field of an answer that holds a time (milliseconds since 1970); nothing for one that is not there. */
export function timeField<N extends string>(name: N, time: number | undefined): { readonly [K in N]?: Timestamp } {
  return time === undefined ? {} : ({ [name]: timestampFromMs(time) } as { [K in N]: Timestamp });
}

/** The JSON object that the bytes of a field hold; `{}` for none. `pointer`: where the field stands. */
export function mapOf(bytes: Uint8Array, pointer: string): JsonMap {
  if (bytes.length === 0) return {};
  const value = JSON.parse(decoder.decode(bytes)) as Json;
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonMap;
  const name = pointer.slice(1);
  throw new DomainError(`runtime.${name}_not_object`, 'invalid', `The ${name} must be a JSON object.`, {
    errors: [{ pointer, code: 'type', detail: 'Send a JSON object.' }],
  });
}
