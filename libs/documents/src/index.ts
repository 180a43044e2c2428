export { Collection, Documents, documentMissing, documentTaken, revisionMismatch } from './collection';
export type { Changed, CollectionSpec, Index, IndexValue, PageQuery, Stored } from './collection';
