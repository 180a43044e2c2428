import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import {
  EventsService,
  type EmitEventsRequest,
  type GetEventRequest,
  type ListEventsRequest,
  type SearchEventsRequest,
} from '@millrace/contracts';
import { eventToMessage, Rpc, type CallContext } from '@millrace/messaging';
import { Controller, Inject } from '@nestjs/common';
import { EmitEvents } from '../../application/emit-events';
import { EventRights } from '../../application/reading/event-rights';
import { Readable } from '../../application/reading/readable';
import { SearchHistory } from '../../application/search-history';
import { draftOf } from '../event-input';
import { momentOf } from './moment';

const { method } = EventsService;
const DEFAULT_LIMIT = 50;

/** The calls of `millrace.events.v1`. */
@Controller()
export class EventsRpc {
  constructor(
    @Inject(EventRights) private readonly rights: EventRights,
    @Inject(EmitEvents) private readonly emit: EmitEvents,
    @Inject(SearchHistory) private readonly history: SearchHistory,
  ) {}

  @Rpc(method.emitEvents)
  async emitEvents({ workspaceId, events, idempotencyKey }: EmitEventsRequest, context: CallContext) {
    const accepted = await this.emit.run(context, {
      drafts: events.map(draftOf),
      place: (index) => `/events/${index}`,
      admit: () => this.rights.toSend(context, workspaceId),
      ...(idempotencyKey === '' ? {} : { idempotencyKey }),
    });
    return { events: accepted.map(({ id, offset = 0n, time }) => ({ id, offset, time: timestampFromMs(time) })) };
  }

  @Rpc(method.listEvents)
  listEvents(request: ListEventsRequest, context: CallContext) {
    return this.search(request, context);
  }

  @Rpc(method.searchEvents)
  searchEvents(request: SearchEventsRequest, context: CallContext) {
    return this.search(request, context);
  }

  @Rpc(method.getEvent)
  async getEvent({ workspaceId, eventId }: GetEventRequest, context: CallContext) {
    const { id, permission } = await this.rights.toRead(context, workspaceId);
    return { event: eventToMessage(await this.history.get(id, eventId, new Readable(permission))) };
  }

  /** Listing and searching are one; only where the request's fields stood differs. */
  private async search(request: ListEventsRequest | SearchEventsRequest, context: CallContext) {
    const { id: workspaceId, permission } = await this.rights.toRead(context, request.workspaceId);
    const { types, where, text, q, cursor, limit, from, to, count } = request;
    const {
      items,
      nextCursor = '',
      endCursor: _,
      ...counted
    } = await this.history.search({
      ...{ workspaceId, types, where, text, q, cursor, count, readable: new Readable(permission) },
      limit: limit === 0 ? DEFAULT_LIMIT : limit,
      sort: request.sort === 'oldest' ? 'oldest' : 'newest',
      ...momentOf('from', from),
      ...momentOf('to', to),
    });
    return { items: items.map(eventToMessage), nextCursor, ...counted };
  }
}
