import { toJsonString } from '@bufbuild/protobuf';
import { EventSchema } from '@millrace/contracts';
import { eventToMessage, type LoggedEvent, type NewEvent } from '@millrace/messaging';
import { EnvelopeJson } from '../application/ports/envelope-json';

const NO_PAYLOAD = new Uint8Array();
const NO_POSITION = { epoch: '', offset: 0n };

/** The Protobuf JSON mapping of `millrace.events.v1.Event`. */
export class ProtobufEnvelopeJson extends EnvelopeJson {
  override write(event: NewEvent | LoggedEvent): string {
    if ('position' in event) return toJsonString(EventSchema, eventToMessage({ ...event, payload: NO_PAYLOAD }));
    const { recordedAt: _, ...message } = eventToMessage({ ...event, payload: NO_PAYLOAD, position: NO_POSITION, recordedAt: 0 });
    return toJsonString(EventSchema, message);
  }
}
