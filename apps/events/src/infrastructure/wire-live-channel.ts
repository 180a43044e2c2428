import { decodeEvent, encodeEvent, type NewEvent, type Registration, type Wire } from '@millrace/messaging';
import { LiveChannel } from '../application/ports/live-channel';

const PREFIX = 'live.event';

/** Events for those connected now, on the wire as `live.event.<workspace>.<type>`. */
export class WireLiveChannel extends LiveChannel {
  constructor(private readonly wire: Wire) {
    super();
  }

  override async publish(event: NewEvent): Promise<void> {
    await this.wire.publish(`${PREFIX}.${event.workspaceId}.${event.type}`, { body: encodeEvent(event), headers: {} });
  }

  override listen(hear: (event: NewEvent) => void): Promise<Registration> {
    return this.wire.subscribe(`${PREFIX}.>`, ({ body }) => hear(decodeEvent(body)));
  }
}
