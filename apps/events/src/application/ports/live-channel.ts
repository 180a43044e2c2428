import type { NewEvent, Registration } from '@millrace/messaging';

/** Carries events of `keep: live` to every events instance that runs just now; at most once, never stored. */
export abstract class LiveChannel {
  abstract publish(event: NewEvent): Promise<void>;
  /** Resolves when in force. */
  abstract listen(hear: (event: NewEvent) => void): Promise<Registration>;
}
