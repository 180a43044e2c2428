import type { mongo } from 'mongoose';
import type { CollectionSpec, Index, Stored } from '../collection';

/** How a document stands in its collection. One update changes all of it at once, or nothing. */
export interface Kept {
  readonly _id: string;
  /** Names the write that made this state. A change saves only over the state it read, and a revision can come again: ids do. */
  readonly write: mongo.ObjectId;
  readonly revision: number;
  /** JSON. Text, as keys may be anything (`$ref`, `a.b`) and fields of a document may not. Absent: it is gone, and events of it are left. */
  readonly body?: string;
  /** Its value in each index that it has one in. */
  readonly index?: Readonly<Record<string, string | number>>;
  /** The indexes of the code that wrote `index`. */
  readonly shape?: string;
  /** Events still to be told, by their number in the outbox. */
  readonly pending: Pending;
  /** A number not above any of `pending`, by which they are found; absent when there has been nothing to tell. */
  readonly oldest?: number;
}

/** What is kept of a document besides its place and its events. */
export type State = Required<Pick<Kept, 'body' | 'index' | 'shape'>>;
export type Pending = Readonly<Record<string, mongo.Binary>>;
export type KeptDocuments = mongo.Collection<Kept>;

const PREFIX = 'documents.';

/** Where a collection stands in the database. Names may be anything; what the server takes is a plain text without spaces. */
export function placeOf(collection: string): string {
  return PREFIX + plain(collection);
}

/** Whether a collection of the database holds documents. */
export function holdsDocuments(name: string): boolean {
  return name.startsWith(PREFIX);
}

/** The field of an index. */
export function fieldOf(index: string): string {
  return `index.${plain(index)}`;
}

/** A document as it is kept; `body` is its JSON. */
export function stateOf<T>(spec: CollectionSpec<T>, document: T, body: string): State {
  const values = spec.indexes.flatMap((index) => {
    const value = valueOf(index, document);
    return value === undefined ? [] : [[plain(index.name), value] as const];
  });
  return { body, index: Object.fromEntries(values), shape: shapeOf(spec) };
}

/** The value a document has in an index, as it is kept; undefined: it has none. */
export function valueOf<T>(index: Index<T>, document: T): string | number | undefined {
  const value = index.of(document);
  return typeof value === 'boolean' ? Number(value) : value;
}

/** Tells one list of indexes from another. */
export function shapeOf<T>({ indexes }: CollectionSpec<T>): string {
  return JSON.stringify(indexes.map(({ name, unique = false }) => [name, unique]));
}

/** A document as it was given; undefined when it is gone. */
export function parse<T>({ body, revision }: Pick<Kept, 'body' | 'revision'>): Stored<T> | undefined {
  return body === undefined ? undefined : { document: JSON.parse(body) as T, revision };
}

function plain(name: string): string {
  return encodeURIComponent(name).replaceAll('.', '%2E');
}
