import type { OutboxEntry } from '../../outbox';
import { decodeEvent } from '@millrace/messaging';
import type { mongo } from 'mongoose';

const DIGITS = 16;

/** Where an entry of the outbox stands: an event of a document. */
export interface EntryPlace {
  /** Its number, as a field of the document's events. Texts sort as their numbers do. */
  readonly key: string;
  /** The collection of the database. */
  readonly collection: string;
  readonly document: string;
}

export function keyOf(number: number): string {
  return String(number).padStart(DIGITS, '0');
}

export function numberOf(key: string): number {
  return Number(key);
}

/** The entry of an event. Its id begins with the number, so ids sort as entries were written, and says where the event stands. */
export function entryOf({ key, collection, document }: EntryPlace, event: mongo.Binary): OutboxEntry {
  return { id: [key, collection, document].join('/'), event: decodeEvent(event.value()) };
}

/** Where the entry of that id stands. */
export function placeOfEntry(id: string): EntryPlace {
  const [key = '', collection = '', ...rest] = id.split('/');
  return { key, collection, document: rest.join('/') };
}
