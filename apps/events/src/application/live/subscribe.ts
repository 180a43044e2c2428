import { DomainError } from '@millrace/kernel';
import { formatPosition, parsePosition, type Pattern, type Position } from '@millrace/messaging';
import type { Projection } from '../../domain/live/projection';
import { beginningOf, type Beginning, type NotRecovered } from '../../domain/live/resume';
import { checkTypes, readWhere } from '../filters';
import type { Interest } from './group';
import type { LiveFeed } from './live-feed';
import type { Reading } from './reading/reading';

const FARTHEST = 50_000;

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

/** Where a subscription begins. Refuses with `events.filter_invalid`, `events.field_hidden`, `events.position_invalid`. */
export async function answerTo(request: SubscribeRequest, reading: Reading, feed: LiveFeed): Promise<Start> {
  const interest = interestOf(request);
  if (interest.where !== '') reading.demandOpen(interest.where);
  const since = request.since === undefined ? undefined : positionOf(request.since);
  const beginning = await beginningIn(feed, since);
  const { epoch } = feed;
  const obstacle = beginning.kind === 'ask' ? await obstacleBehind({ epoch, offset: beginning.offset }, reading.pattern, feed) : undefined;
  const reason = beginning.kind === 'fresh' ? beginning.reason : obstacle;
  if (since !== undefined) feed.parts.measures.resumes.inc({ result: reason ?? 'recovered' });
  if (reason === undefined) {
    const answer = { position: formatPosition({ epoch, offset: beginning.offset }), recovered: true };
    return { interest, cursor: beginning.offset, resuming: since !== undefined, answer };
  }
  const cursor = feed.head;
  return {
    interest,
    cursor,
    resuming: false,
    answer: { position: formatPosition({ epoch: feed.epoch, offset: cursor }), recovered: false, reason },
  };
}

/** Where to begin, when as much of what was missed is at hand as can be. */
async function beginningIn(feed: LiveFeed, since: Position | undefined): Promise<Beginning> {
  const beginning = beginningOf(since, feed);
  if (beginning.kind !== 'ask' || beginning.offset > feed.head) return beginning;
  return (await feed.recall(beginning.offset)) ? beginningOf(since, feed) : beginning;
}

/** Why a client cannot be led on from a position that only the log knows: it has let go of it, it was never there, or too much came since. */
async function obstacleBehind({ epoch, offset }: Position, pattern: Pattern, feed: LiveFeed): Promise<NotRecovered | undefined> {
  const { eventLog, farthest = FARTHEST } = feed.parts;
  if (offset > feed.head) return offset > (await eventLog.range()).last ? 'epoch' : undefined;
  // Offsets are whole numbers and rise, so there are never more events between two of them than their difference.
  const most = feed.head - offset <= farthest ? 1 : farthest + 1;
  let missed = 0;
  try {
    for await (const _ of eventLog.read({ epoch, offset: offset + 1n }, pattern, { live: false })) {
      missed += 1;
      if (missed >= most) break;
    }
    return missed > farthest ? 'too-far' : undefined;
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
