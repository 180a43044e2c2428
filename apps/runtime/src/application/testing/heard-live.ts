import type { NewEvent } from '@millrace/messaging';
import { LiveChannel } from '../ports/live-channel';

/** Those who are connected, and what they have heard. */
export class HeardLive extends LiveChannel {
  readonly events: NewEvent[] = [];

  override async publish(event: NewEvent): Promise<void> {
    this.events.push(event);
  }
}
