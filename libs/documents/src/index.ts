export { Collection, Documents } from './collection';
export type { Changed, CollectionSpec, Index, IndexValue, PageQuery, Stored } from './collection';
export { Outbox } from './outbox';
export type { OutboxEntry } from './outbox';
export {
  cursorInvalid,
  documentMissing,
  documentsClosed,
  documentsUnavailable,
  documentTaken,
  limitInvalid,
  relayStopped,
  revisionMismatch,
} from './refusals';
export { OutboxRelay } from './relay/outbox-relay';
export type { RelayOptions } from './relay/outbox-relay';
export { MongoDocuments } from './mongo/mongo-documents';
export type { MongoDocumentsOptions } from './mongo/mongo-documents';
export { SqliteDocuments } from './sqlite/sqlite-documents';
