import type { NewEvent, Position } from '@millrace/messaging';

/** An event that is written but not known to be on the log. `id` names the entry, not the event; later entries have larger ids. */
export interface OutboxEntry {
  readonly id: string;
  readonly event: NewEvent;
}

/** What a service has written and still has to tell. Entries come from the writes of its collections; the relay takes them away. */
export abstract class Outbox {
  /**
   * Names the time for which this process is the one that moves entries; several may share a store. Another name than before: another
   * process may have attempted what is pending. Undefined: another process moves them, and `onWrite` calls back when that may be over.
   */
  abstract term(): Promise<string | undefined>;
  /** The oldest entries, in the order in which they were written; those of one write in the order given. */
  abstract pending(limit: number): Promise<readonly OutboxEntry[]>;
  /** Id of the newest entry; undefined when nothing is pending. */
  abstract newest(): Promise<string | undefined>;
  /**
   * Forgets entries that are on the log and keeps `mark`, a position of the log not later than the first attempt of any entry left.
   * `documents.told_elsewhere` when the term is over: the mark is another's then.
   */
  abstract done(ids: readonly string[], mark: Position): Promise<void>;
  /** Keeps a mark before anything is attempted. Durable when it resolves; `documents.told_elsewhere` when the term is over. */
  abstract keepMark(mark: Position): Promise<void>;
  /** The mark kept last; undefined when nothing was ever attempted. */
  abstract mark(): Promise<Position | undefined>;
  /** Takes an entry that the log will never accept out of the way; it stays in the store with the reason, for people. */
  abstract setAside(id: string, reason: string): Promise<void>;
  /** Calls back after each write that left entries, and whenever it may be worth a look. Answers how to stop that. */
  abstract onWrite(listener: () => void): () => void;
}
