export { Collection, Documents } from './collection';
export type { Changed, CollectionSpec, Index, IndexValue, PageQuery, Stored } from './collection';
export { Outbox } from './outbox';
export type { OutboxEntry } from './outbox';
export { cursorInvalid, documentMissing, documentsClosed, documentTaken, limitInvalid, relayStopped, revisionMismatch } from './refusals';
export { OutboxRelay } from './relay/outbox-relay';
export type { RelayOptions } from './relay/outbox-relay';
export { SqliteDocuments } from './sqlite/sqlite-documents';
