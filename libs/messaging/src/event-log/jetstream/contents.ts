import type { StreamInfo } from '@nats-io/jetstream';
import { Gathered } from '@millrace/kernel';
import type { Clock } from '@millrace/kernel';
import type { FaultReport } from '../../faults';
import { decodeRecorded } from '../codec';
import type { NewEvent, Position } from '../event';
import type { Appended, LogRange } from '../event-log';
import { epochChanged } from '../refusals';
import { Appender } from './append/appender';
import type { Known } from './append/appender';
import { Publisher } from './append/publisher';
import { Room } from './append/room';
import { getOne } from './read/direct-get';
import { Erased } from './read/erased';
import { Pages } from './read/pages';
import type { Reach } from './read/read-log';
import { Tail } from './read/tail';
import { Identity } from './server/identity';
import type { Line } from './server/line';
import type { LogNames } from './server/log-names';
import { Records } from './server/records';
import { StreamEvent, offsetOf, sequenceFrom } from './stream-event';

export interface ContentsParts {
  readonly line: Line;
  readonly names: LogNames;
  readonly clock: Clock;
  readonly onFault: FaultReport;
}

/** The events of the log: appended, read in pages, the newest from memory. Sequences are the stream's. */
export class LogContents {
  readonly publisher: Publisher;
  /** What the log knows of itself, beside the events. */
  readonly state: Records;
  readonly erased = new Erased();
  readonly pages: Pages;
  readonly tail: Tail;
  readonly identity: Identity;
  readonly #appender: Appender;
  readonly #room = new Room(() => this.range());
  readonly #info = new Gathered(() => this.parts.line.ask((jsm) => jsm.streams.info(this.parts.names.events)));
  /** Readers that wait to hear where the log ends, and the appends that wait for them. */
  #asking = 0;
  #held: (() => void)[] = [];

  constructor(
    readonly parts: ContentsParts,
    replicas: number,
  ) {
    const { line, names, clock, onFault } = parts;
    this.publisher = new Publisher(line);
    this.state = new Records(line, this.publisher, names.state);
    this.identity = new Identity(this.state, names.markSubject());
    const epoch = (): string => this.identity.epoch;
    this.pages = new Pages({ line, names, erased: this.erased, replicas, epoch, first: async () => (await this.reach()).first });
    this.tail = new Tail({ line, names, event: (message) => this.pages.event(message), onFault });
    this.#appender = new Appender({
      ...{ names, publisher: this.publisher, clock, epoch },
      find: (ids, events, since) => this.#find(ids, events, since),
      recordedAt: async (sequence) => (await this.at(sequence))?.event.recordedAt,
      usage: () => this.range(),
      mayBreakUp: () => replicas > 1 || !this.#room.isAmple,
      onAppended: (sequence) => {
        this.identity.note(sequence);
        this.#room.changed();
      },
    });
  }

  /** Order is kept among calls; but one with `since` looks first, and calls after it do not wait. */
  async append(events: readonly NewEvent[], since: Position | undefined): Promise<readonly Appended[]> {
    const drafts = this.#appender.draft(events);
    if (drafts.length === 0) return [];
    if (this.#asking === 0) return this.#appender.append(drafts, since);
    return new Promise((resolve) => this.#held.push(() => resolve(this.#appender.append(drafts, since))));
  }

  /** How far the log reaches at this moment: before whatever is appended here after the call. */
  reachNow(): Promise<Reach> {
    this.#asking += 1;
    return this.reach().finally(() => {
      this.#asking -= 1;
      if (this.#asking === 0) this.#held.splice(0).forEach((append) => append());
    });
  }

  /** How far the log reaches, asked of the server. */
  async reach(): Promise<Reach> {
    return this.#reachOf(await this.info());
  }

  #reachOf({ state }: StreamInfo): Reach {
    const first = state.messages === 0 ? state.last_seq + 1 : state.first_seq;
    return { epoch: this.identity.epoch, first: Math.min(first, this.erased.first ?? Infinity), last: state.last_seq };
  }

  async range(): Promise<LogRange> {
    const info = await this.info();
    const { config, state } = info;
    const { epoch, first, last } = this.#reachOf(info);
    const firstOffset = first > last ? offsetOf(last) + 1n : offsetOf(first);
    return { epoch, first: firstOffset, last: offsetOf(last), bytes: state.bytes, capacity: config.max_bytes };
  }

  info(): Promise<StreamInfo> {
    return this.#info.ask();
  }

  /** The event of this sequence, or what is left of it; undefined when it was trimmed. */
  async at(sequence: number): Promise<StreamEvent | undefined> {
    const kept = await getOne(this.parts.line, this.parts.names.events, sequence);
    return kept === undefined ? this.erased.at(sequence) : this.pages.event(kept);
  }

  /** Finds out which log it is, and what of it was erased. `info`: of the stream of events. */
  async recognize({ created, state, config }: StreamInfo): Promise<void> {
    this.#room.saw({ bytes: state.bytes, capacity: config.max_bytes });
    const isAnother = await this.identity.take(created, state.last_seq);
    if (isAnother) this.tail.clear(state.last_seq);
    await this.loadErased();
  }

  /** Reads what is left of erased events, again. */
  async loadErased(): Promise<void> {
    const remnants = await this.state.list(this.parts.names.remnantSubject('*'));
    this.erased.replace(
      remnants.map(({ subject, body }) => {
        const { workspaceId, type } = decodeRecorded(body);
        return new StreamEvent(this.identity.epoch, Number(subject.slice(subject.lastIndexOf('.') + 1)), workspaceId, type, body);
      }),
    );
    this.tail.clear();
  }

  assertEpoch(position: Position): void {
    if (position.epoch !== this.identity.epoch) throw epochChanged(position, this.identity.epoch);
  }

  async close(): Promise<void> {
    this.#room.close();
    await this.tail.close();
    await this.identity.write().catch(() => undefined);
    this.publisher.close();
  }

  /** In another epoch nothing says where to look: everywhere. */
  async #find(ids: ReadonlySet<string>, events: readonly NewEvent[], since: Position): Promise<ReadonlyMap<string, Known>> {
    const { epoch, first, last } = await this.reach();
    const from = since.epoch === epoch ? Math.max(first, sequenceFrom(since.offset)) : first;
    const [one, ...others] = new Set(events.map(({ workspaceId }) => workspaceId));
    const filter = this.parts.names.filterOf(`${others.length === 0 ? (one ?? '*') : '*'}.>`);
    const found = from > last ? new Map<string, StreamEvent>() : await this.pages.find(ids, from, last, filter);
    return new Map([...found].map(([id, { sequence, event }]) => [id, { sequence, recordedAt: event.recordedAt }]));
  }
}
