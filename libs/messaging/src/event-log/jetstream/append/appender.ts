import type { Clock } from '@millrace/kernel';
import type { NewEvent, Position } from '../../event';
import type { Appended } from '../../event-log';
import { encodeEvent } from '../../event-writer';
import { eventTooLarge, logFull, logUnavailable } from '../../refusals';
import type { LogNames } from '../server/log-names';
import { LARGEST_BATCH, LARGEST_MESSAGE } from '../server/wanted';
import { offsetOf } from '../stream-event';
import { Refused } from './publisher';
import type { Acknowledged, Message, Publisher } from './publisher';

/** Headers of a message: its id and its place in a batch. */
const ROOM_FOR_HEADERS = 1_024;
/** Events of one call that are cheaper as a batch. */
const MANY = 64;
const BATCH_HAS_DUPLICATES = 10_201;
const MESSAGE_TOO_LARGE = new Set([10_054, 10_097]);
/** The stream, the account or the disk has no room. */
const NO_ROOM = new Set([10_002, 10_023, 10_047, 10_077]);

/** What the log knows of an event: where it is and since when. */
export interface Known {
  readonly sequence: number;
  readonly recordedAt: number;
}

/** What an appender asks the log. */
export interface AppenderParts {
  readonly names: LogNames;
  readonly publisher: Publisher;
  readonly clock: Clock;
  readonly epoch: () => string;
  /** Events with these ids (`<workspace>:<id>`), from a position on. */
  readonly find: (ids: ReadonlySet<string>, events: readonly NewEvent[], since: Position) => Promise<ReadonlyMap<string, Known>>;
  /** When the event of this sequence was recorded; undefined when it is gone. */
  readonly recordedAt: (sequence: number) => Promise<number | undefined>;
  readonly usage: () => Promise<{ readonly bytes: number; readonly capacity: number }>;
  /** Whether the events of a call could be refused one by one: the log has little room, or more than one server keeps it. */
  readonly mayBreakUp: () => boolean;
  readonly onAppended: (sequence: number) => void;
}

interface Draft extends Message {
  readonly event: NewEvent;
  readonly id: string;
  readonly recordedAt: number;
}

/**
 * Puts events into the stream. The events of a call go one right after the other, so that what a crash leaves of them is a beginning, or
 * as one atomic batch: where some of them could be refused and others not, and when there are many. A batch costs the server more than
 * fifty messages do, and holds up everybody else meanwhile. The events of a batch that the server partly knows go one by one, each still
 * once.
 */
export class Appender {
  constructor(private readonly parts: AppenderParts) {}

  /** Encodes at the call; whatever is refused for itself is refused before anything is sent. */
  draft(events: readonly NewEvent[]): readonly Draft[] {
    const recordedAt = this.parts.clock.now();
    return events.map((event) => {
      const body = encodeEvent(event, recordedAt);
      const largest = LARGEST_MESSAGE - ROOM_FOR_HEADERS;
      if (body.length > largest) throw eventTooLarge(event.id, body.length, largest);
      return { event, id: `${event.workspaceId}:${event.id}`, subject: this.parts.names.subjectOf(event), body, recordedAt };
    });
  }

  async append(drafts: readonly Draft[], since: Position | undefined): Promise<readonly Appended[]> {
    const [only] = drafts;
    try {
      if (only !== undefined && drafts.length === 1 && since === undefined) return [await this.#one(only)];
      return await this.#many(drafts, since);
    } catch (fault) {
      throw fault instanceof Refused ? await this.#refusal(fault, drafts) : fault;
    }
  }

  async #many(drafts: readonly Draft[], since: Position | undefined): Promise<readonly Appended[]> {
    const fresh = new Map<string, Draft>();
    for (const draft of drafts) if (!fresh.has(draft.id)) fresh.set(draft.id, draft);
    const events = drafts.map(({ event }) => event);
    const found = since === undefined ? undefined : await this.parts.find(new Set(fresh.keys()), events, since);
    const answers = new Map<string, Appended>();
    for (const [id, known] of found ?? []) {
      const old = fresh.get(id);
      fresh.delete(id);
      if (old !== undefined) answers.set(id, this.#appended(old, known.sequence, known.recordedAt, true));
    }
    for (const [draft, appended] of await this.#publish([...fresh.values()])) answers.set(draft.id, appended);
    return drafts.flatMap((draft) => this.#answer(answers, draft));
  }

  /** The first event of an id is new, or as the log says; the next of the same call are duplicates of it. */
  #answer(answers: Map<string, Appended>, { id }: Draft): readonly Appended[] {
    const answer = answers.get(id);
    if (answer === undefined) return [];
    if (!answer.duplicate) answers.set(id, { ...answer, duplicate: true });
    return [answer];
  }

  async #publish(drafts: readonly Draft[]): Promise<readonly (readonly [Draft, Appended])[]> {
    const groups: (readonly Draft[])[] = [];
    for (let at = 0; at < drafts.length; at += LARGEST_BATCH) groups.push(drafts.slice(at, at + LARGEST_BATCH));
    const published: (readonly [Draft, Appended])[] = [];
    for (const group of groups) published.push(...(await this.#group(group)));
    return published;
  }

  async #group(group: readonly Draft[]): Promise<readonly (readonly [Draft, Appended])[]> {
    const [only] = group;
    if (only !== undefined && group.length === 1) return [[only, await this.#one(only)]];
    return group.length >= MANY || this.parts.mayBreakUp() ? this.#batch(group) : this.#each(group);
  }

  async #batch(group: readonly Draft[]): Promise<readonly (readonly [Draft, Appended])[]> {
    try {
      const { sequence: last } = await this.parts.publisher.publishAll(group);
      this.parts.onAppended(last);
      const first = last - group.length + 1;
      return group.map((draft, index) => [draft, this.#appended(draft, first + index, draft.recordedAt, false)] as const);
    } catch (fault) {
      if (!(fault instanceof Refused) || fault.code !== BATCH_HAS_DUPLICATES) throw fault;
      return this.#each(group);
    }
  }

  #each(group: readonly Draft[]): Promise<readonly (readonly [Draft, Appended])[]> {
    return Promise.all(group.map(async (draft) => [draft, await this.#one(draft)] as const));
  }

  async #one(draft: Draft): Promise<Appended> {
    const ack: Acknowledged = await this.parts.publisher.publish(draft);
    this.parts.onAppended(ack.sequence);
    const recordedAt = ack.duplicate ? await this.parts.recordedAt(ack.sequence) : undefined;
    return this.#appended(draft, ack.sequence, recordedAt ?? draft.recordedAt, ack.duplicate);
  }

  #appended({ event }: Draft, sequence: number, recordedAt: number, duplicate: boolean): Appended {
    return { id: event.id, position: { epoch: this.parts.epoch(), offset: offsetOf(sequence) }, recordedAt, duplicate };
  }

  async #refusal({ code, message }: Refused, drafts: readonly Draft[]): Promise<Error> {
    if (MESSAGE_TOO_LARGE.has(code)) {
      const largest = drafts.reduce((most, draft) => (draft.body.length > most.body.length ? draft : most));
      return eventTooLarge(largest.event.id, largest.body.length, LARGEST_MESSAGE - ROOM_FOR_HEADERS);
    }
    if (!NO_ROOM.has(code)) return logUnavailable(`${message} (${code})`);
    const { bytes, capacity } = await this.parts.usage();
    return logFull(bytes, capacity);
  }
}
