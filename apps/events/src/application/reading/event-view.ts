import type { LoggedEvent, NewEvent } from '@millrace/messaging';
import { payloadOf } from '../../domain/admission/payload';

/** What filters and rules see of an event; the payload is parsed by the first that asks for it. */
export function viewOf({ type, time, subject, actor, source, target, correlationId, payload: bytes }: NewEvent | LoggedEvent): object {
  let payload: object | undefined;
  return {
    ...{ type, time, subject, actor, source, target, correlationId },
    get payload() {
      payload ??= payloadOf(bytes);
      return payload;
    },
  };
}
