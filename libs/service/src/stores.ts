import type { Blobs } from '@millrace/blobs';
import type { Documents } from '@millrace/documents';
import type { History } from '@millrace/history';
import type { EventLog, KeyValue } from '@millrace/messaging';

/** A store as every platform has it. */
export interface Store<T> {
  /** As people know it. */
  readonly name: string;
  /** Asks it for next to nothing; throws with the reason when it cannot be used. */
  readonly check: (store: T) => Promise<unknown>;
  /** False: a service does most of its work while it is away. */
  readonly essential: boolean;
}

/** The bucket that is made after all others. Every service reads it: who finds it finds everything. */
export const LAST_BUCKET = 'identity';

export const KEY_VALUE: Store<KeyValue> = {
  name: 'key-value store',
  check: async (keyValue) => (await keyValue.bucket(LAST_BUCKET)).get('health'),
  essential: true,
};

export const EVENT_LOG: Store<EventLog> = { name: 'event log', check: (eventLog) => eventLog.range(), essential: true };

/** Events are taken and delivered, and runs go on, while nobody can search. */
export const HISTORY: Store<History> = { name: 'history', check: (history) => history.get('health', 'health'), essential: false };

export const BLOBS: Store<Blobs> = { name: 'blob store', check: (blobs) => blobs.stat('health'), essential: false };

export const DOCUMENTS: Store<Documents> = { name: 'document store', check: ({ outbox }) => outbox.mark(), essential: true };
