import type { NewEvent } from '@millrace/messaging';

/** The way of events that are kept nowhere to those who are connected now. */
export abstract class LiveChannel {
  /** Says an event once; who does not hear it now never does. */
  abstract publish(event: NewEvent): Promise<void>;
}
