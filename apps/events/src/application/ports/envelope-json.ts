import type { LoggedEvent, NewEvent } from '@millrace/messaging';

/** Writes events as everybody outside sees them. */
export abstract class EnvelopeJson {
  /** The JSON object of an event as `millrace.events.v1.Event` maps it, all but its payload. */
  abstract write(event: NewEvent | LoggedEvent): string;
}
