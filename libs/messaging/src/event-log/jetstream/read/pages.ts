import type { LogNames } from '../server/log-names';
import type { Line } from '../server/line';
import { StreamEvent } from '../stream-event';
import { getNext, getSome } from './direct-get';
import type { Kept } from './direct-get';
import type { Erased } from './erased';

const PAGE = 256;
/** Events of the first page of a reader: many want no more than one. */
export const FIRST_PAGE = 4;

/** What was looked for, and how far. */
export interface Looked {
  readonly events: readonly StreamEvent[];
  /** Every event up to there was looked at. */
  readonly upTo: number;
}

export interface PagesParts {
  readonly line: Line;
  readonly names: LogNames;
  readonly erased: Erased;
  readonly replicas: number;
  readonly epoch: () => string;
  /** The sequence of the oldest event kept, asked of the server. */
  readonly first: () => Promise<number>;
}

/** Reads the stream in pages, whatever is between them. */
export class Pages {
  constructor(private readonly parts: PagesParts) {}

  /**
   * The events of a filter after a sequence, `most` of them at most; `end` is there already. Undefined: what comes right after `after` was
   * trimmed, so a page would skip it.
   */
  async page(after: number, end: number, filter: string | undefined, most = PAGE): Promise<Looked | undefined> {
    const kept = await this.#kept(after, end, filter, most);
    if (this.#mayHaveGap(after, kept) && (await this.parts.first()) > after + 1) return undefined;
    const upTo = kept.isAll ? end : Math.min(kept.messages.at(-1)?.sequence ?? end, end);
    return { events: this.#events(kept.messages, after, upTo), upTo };
  }

  event({ sequence, subject, body }: Pick<Kept, 'sequence' | 'subject' | 'body'>): StreamEvent {
    const { workspace, type } = this.parts.names.partsOf(subject);
    return new StreamEvent(this.parts.epoch(), sequence, workspace, type, body);
  }

  /** The messages with the ids, from a sequence on. */
  async find(ids: ReadonlySet<string>, from: number, end: number, filter: string): Promise<ReadonlyMap<string, StreamEvent>> {
    const found = new Map<string, StreamEvent>();
    for (let after = from - 1; after < end && found.size < ids.size;) {
      const { messages, isAll } = await this.#kept(after, end, filter);
      for (const message of messages) if (ids.has(message.id)) found.set(message.id, this.event(message));
      after = isAll ? end : (messages.at(-1)?.sequence ?? end);
    }
    for (const event of this.parts.erased.between(from - 1, end)) {
      const id = `${event.workspace}:${event.event.id}`;
      if (ids.has(id)) found.set(id, event);
    }
    return found;
  }

  /** Replicas answer for themselves, and may be behind: that there is nothing more is for the leader to say. */
  async #kept(after: number, end: number, filter: string | undefined, most = PAGE): Promise<{ messages: readonly Kept[]; isAll: boolean }> {
    const { line, names, replicas } = this.parts;
    const got = await getSome(line, names.events, { from: after + 1, most, filter });
    const last = got.messages.at(-1)?.sequence ?? after;
    if (!got.isAll || replicas === 1 || last >= end) return got;
    const next = await getNext(line, names.events, last + 1, filter);
    if (next === undefined || next.sequence > end) return got;
    return { messages: [...got.messages, next], isAll: false };
  }

  /** Without a filter, messages one right after the other cannot hide a trim. */
  #mayHaveGap(after: number, { messages, isAll }: { messages: readonly Kept[]; isAll: boolean }): boolean {
    if (isAll && messages.length === 0) return true;
    return messages.some(({ sequence }, index) => sequence !== after + 1 + index);
  }

  #events(messages: readonly Kept[], after: number, upTo: number): readonly StreamEvent[] {
    const events = messages.filter(({ sequence }) => sequence <= upTo).map((message) => this.event(message));
    const erased = this.parts.erased.between(after, upTo);
    return erased.length === 0 ? events : [...events, ...erased].sort((a, b) => a.sequence - b.sequence);
  }
}
