import { LiveService, type Event, type PollEventsRequest, type PollOwnEventsRequest } from '@millrace/contracts';
import { Clock } from '@millrace/kernel';
import { eventToMessage, Rpc, type CallContext, type LoggedEvent, type NewEvent } from '@millrace/messaging';
import { Controller, Inject } from '@nestjs/common';
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
const NOWHERE = { position: { epoch: '', offset: 0n }, recordedAt: 0 };

/** Long polls: what happens, for clients that ask again and again. */
@Controller()
export class LiveRpc {
  constructor(
    @Inject(EventRights) private readonly rights: EventRights,
    @Inject(OwnRights) private readonly own: OwnRights,
    @Inject(PollEvents) private readonly poll: PollEvents,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  @Rpc(method.pollEvents)
  async pollEvents(request: PollEventsRequest, context: CallContext) {
    const asOf = this.poll.expect();
    const { id: workspaceId, permission } = await this.rights.toRead(context, request.workspaceId);
    const reading = new WorkspaceReading({ workspaceId, principal: context.principal, permission }, this.clock);
    return answerOf(await this.poll.run({ reading, asOf }, questionOf(request)), reading);
  }

  @Rpc(method.pollOwnEvents)
  async pollOwnEvents(request: PollOwnEventsRequest, context: CallContext) {
    const asOf = this.poll.expect();
    const reading = new OwnReading(await this.own.toRead(context), this.clock);
    return answerOf(await this.poll.run({ reading, asOf }, questionOf(request)), reading);
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
