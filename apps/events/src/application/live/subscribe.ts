import { DomainError } from '@millrace/kernel';
import { formatPosition, parsePosition, type EventLog, type Position } from '@millrace/messaging';
import type { Projection } from '../../domain/live/projection';
import { beginningOf, FARTHEST, type NotRecovered } from '../../domain/live/resume';
import { checkTypes, readWhere } from '../filters';
import type { Interest } from './group';
import type { LiveFeed } from './live-feed';

/** A subscription as a client asks for it. */
export interface SubscribeRequest {
  readonly id: string;
  /** Type patterns; absent: all types. */
  readonly types?: readonly string[];
  readonly where?: string;
  /** Position of the last event the client has; absent: from now on. */
  readonly since?: string;
  /** How much of the payloads; absent: all. */
  readonly payload?: Projection;
}

/** `position`: the subscription gets what is behind it. `recovered: false`: what was between `since` and there is lost to it, for this reason. */
export interface SubscribeAnswer {
  readonly position: string;
  readonly recovered: boolean;
  readonly reason?: NotRecovered;
}

export interface Start {
  readonly interest: Interest;
  readonly cursor: bigint;
  readonly resuming: boolean;
  readonly answer: SubscribeAnswer;
}

/** Where a subscription begins. Refuses with `events.filter_invalid`, `events.position_invalid`. */
export async function answerTo(request: SubscribeRequest, workspaceId: string, feed: LiveFeed): Promise<Start> {
  const interest = interestOf(request);
  const since = request.since === undefined ? undefined : positionOf(request.since);
  const { epoch, from, head } = feed;
  const beginning = beginningOf(since, { epoch, from, head });
  if (beginning.kind === 'fresh') return fresh(interest, feed, beginning.reason);
  if (beginning.kind === 'count') {
    const most = head - beginning.offset <= FARTHEST ? 1 : FARTHEST;
    const reason = await obstacle(feed.parts.eventLog, { epoch, offset: beginning.offset + 1n }, workspaceId, most);
    if (reason !== undefined) return fresh(interest, feed, reason);
  }
  if (since !== undefined) feed.parts.measures.resumes.inc({ result: 'recovered' });
  const position = formatPosition({ epoch, offset: beginning.offset });
  return { interest, cursor: beginning.offset, resuming: since !== undefined, answer: { position, recovered: true } };
}

function fresh(interest: Interest, feed: LiveFeed, reason: NotRecovered): Start {
  feed.parts.measures.resumes.inc({ result: reason });
  const { epoch, head } = feed;
  return {
    interest,
    cursor: head,
    resuming: false,
    answer: { position: formatPosition({ epoch, offset: head }), recovered: false, reason },
  };
}

/** Why a client cannot be led through what it missed: the log has let go of it, or there is too much of it. `most`: so many are read to find out. */
async function obstacle(eventLog: EventLog, from: Position, workspaceId: string, most: number): Promise<NotRecovered | undefined> {
  let missed = 0;
  try {
    for await (const _ of eventLog.read(from, `${workspaceId}.>`, { live: false })) {
      missed += 1;
      if (missed > FARTHEST) return 'too-far';
      if (missed >= most && most < FARTHEST) return undefined;
    }
    return undefined;
  } catch (error) {
    const reason = lossOf(error);
    if (reason === undefined) throw error;
    return reason;
  }
}

/** What the log means by refusing to read on; undefined for any other error. */
export function lossOf(error: unknown): NotRecovered | undefined {
  if (!(error instanceof DomainError)) return undefined;
  if (error.code === 'log.expired') return 'expired';
  return error.code === 'log.epoch_changed' ? 'epoch' : undefined;
}

function interestOf({ types = [], where = '', payload = 'full' }: SubscribeRequest): Interest {
  checkTypes(types);
  if (where !== '') readWhere(where);
  return { types: types.length === 0 ? ['>'] : [...new Set(types)].sort(), where, projection: payload };
}

function positionOf(since: string): Position {
  const position = parsePosition(since);
  if (position !== undefined) return position;
  throw new DomainError(
    'events.position_invalid',
    'invalid',
    `"${since}" is no position. Give the position of the last event you have, as <epoch>-<offset>, or none to begin now.`,
    { errors: [{ pointer: '/since', code: 'events.position_invalid', detail: 'Not a position.' }] },
  );
}
