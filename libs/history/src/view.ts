import type { Json, JsonMap } from '@millrace/kernel';
import type { NewEvent } from '@millrace/messaging';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The payload of an event. Throws on what is not UTF-8 or not a JSON object. */
export function readPayload(bytes: Uint8Array): JsonMap {
  const payload = JSON.parse(decoder.decode(bytes)) as Json;
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) throw new Error('it is not a JSON object');
  return payload as JsonMap;
}

/** An event as filters see it; the payload is parsed by the first that asks for it. */
export function viewOf({ type, time, subject, correlationId, actor, source, target, payload: bytes }: NewEvent): object {
  let payload: JsonMap | undefined;
  return {
    ...{ type, time, subject, correlationId, actor, source, target },
    get payload() {
      payload ??= readPayload(bytes);
      return payload;
    },
  };
}
