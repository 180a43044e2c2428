import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import {
  LiveService,
  type CloseConnectionRequest,
  type Event,
  type ListConnectionsRequest,
  type PollEventsRequest,
  type PollOwnEventsRequest,
} from '@millrace/contracts';
import { Clock } from '@millrace/kernel';
import { eventToMessage, Rpc, type CallContext, type LoggedEvent, type NewEvent } from '@millrace/messaging';
import { Controller, Inject } from '@nestjs/common';
import { ManageConnections } from '../../application/live/connections/manage-connections';
import { PollEvents, type Polled, type Question } from '../../application/live/poll/poll-events';
import type { Reading } from '../../application/live/reading/reading';
import { OwnReading } from '../../application/live/reading/own-reading';
import { WorkspaceReading } from '../../application/live/reading/workspace-reading';
import { EventRights } from '../../application/reading/event-rights';
import { OwnRights } from '../../application/reading/own-rights';
import { Readable } from '../../application/reading/readable';

const { method } = LiveService;
const DEFAULT_LIMIT = 100;
const DEFAULT_WAIT = 25;
const DEFAULT_CONNECTIONS = 50;
const NOWHERE = { position: { epoch: '', offset: 0n }, recordedAt: 0 };

/** Long polls: what happens, for clients that ask again and again. And who else follows it. */
@Controller()
export class LiveRpc {
  constructor(
    @Inject(EventRights) private readonly rights: EventRights,
    @Inject(OwnRights) private readonly own: OwnRights,
    @Inject(PollEvents) private readonly poll: PollEvents,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(ManageConnections) private readonly connections: ManageConnections,
  ) {}

  @Rpc(method.pollEvents)
  async pollEvents(request: PollEventsRequest, context: CallContext) {
    const asOf = this.poll.expect();
    const { id: workspaceId, ...granted } = await this.rights.toRead(context, request.workspaceId);
    const reading = new WorkspaceReading({ workspaceId, principal: context.principal, ...granted }, this.clock);
    return answerOf(await this.poll.run({ reading, asOf }, questionOf(request)), reading);
  }

  @Rpc(method.pollOwnEvents)
  async pollOwnEvents(request: PollOwnEventsRequest, context: CallContext) {
    const asOf = this.poll.expect();
    const reading = new OwnReading(await this.own.toRead(context), this.clock);
    return answerOf(await this.poll.run({ reading, asOf }, questionOf(request)), reading);
  }

  @Rpc(method.listConnections)
  async listConnections({ workspaceId, limit, cursor }: ListConnectionsRequest, context: CallContext) {
    const section = { limit: limit === 0 ? DEFAULT_CONNECTIONS : limit, cursor };
    const { items, nextCursor = '' } = await this.connections.list(context, workspaceId, section);
    return {
      items: items.map(({ openedAt, types, ...rest }) => ({ ...rest, types: [...types], openedAt: timestampFromMs(openedAt) })),
      nextCursor,
    };
  }

  @Rpc(method.closeConnection)
  async closeConnection({ workspaceId, connection }: CloseConnectionRequest, context: CallContext) {
    await this.connections.close(context, workspaceId, connection);
    return {};
  }
}

function questionOf({ types, where, since, wait = DEFAULT_WAIT, limit }: PollEventsRequest | PollOwnEventsRequest): Question {
  return {
    ...{ types, where, wait: wait * 1000, limit: limit === 0 ? DEFAULT_LIMIT : limit },
    ...(since === '' ? {} : { since }),
  };
}

function answerOf({ events, next, recovered, reason = '', more }: Polled, reading: Reading) {
  return { events: events.map((event) => messageOf(event, reading)), next, recovered, reason, more };
}

/** The event as the caller may see it; one that is on no log has no position. */
function messageOf(event: NewEvent | LoggedEvent, reading: Reading): Event {
  const readable = new Readable(reading.permissionFor(event));
  if ('position' in event) return eventToMessage(readable.show(event));
  const { recordedAt: _, ...message } = eventToMessage(readable.show({ ...event, ...NOWHERE }));
  return message;
}
