import { encodeEvent, type NewEvent, type Wire } from '@millrace/messaging';
import { LiveChannel } from '../application/ports/live-channel';

/** On the wire as `live.event.<workspace>.<type>`, where the events service hears them. */
export class WireLiveChannel extends LiveChannel {
  constructor(private readonly wire: Wire) {
    super();
  }

  override publish(event: NewEvent): Promise<void> {
    return this.wire.publish(`live.event.${event.workspaceId}.${event.type}`, { body: encodeEvent(event), headers: {} });
  }
}
