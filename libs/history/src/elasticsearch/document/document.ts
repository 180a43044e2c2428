import type { LoggedEvent } from '@millrace/messaging';
import { linesOf } from '../../text/lines';
import { eventFrom, recordOf } from '../../record';
import type { Layout } from '../layout';
import { marksOf, UNMARKED, type Marks } from './marks';

/** What is asked of a document to have its event again. */
export const KEPT = ['envelope', 'payload', 'recordedAt', 'offset', 'epoch'];

/** The part of a document that the event is read from. `offset` is written in digits: it does not fit a number. */
export interface Kept {
  readonly envelope: string;
  readonly payload: string;
  readonly recordedAt: number;
  readonly offset: string;
  readonly epoch: string;
}

interface Found extends Kept, Marks {
  readonly workspace: string;
  readonly type: string;
  readonly time: number;
  readonly text: readonly string[];
  readonly unindexed?: true;
}

/** One event, ready for the store. */
export interface Document {
  readonly index: string;
  readonly id: string;
  /** The document as JSON. */
  readonly json: string;
  /** As JSON without words and marks, for a store that takes none of them; filters look at it one by one. */
  readonly bare: () => string;
}

/** Makes the document of an event; throws, with the reason, on one that never can be kept. */
export function documentOf(event: LoggedEvent, layout: Layout): Document {
  const { envelope, payload } = recordOf(event);
  const { workspaceId: workspace, id, type, time, recordedAt, position } = event;
  const kept: Kept = {
    ...{ envelope, recordedAt, epoch: position.epoch },
    offset: String(position.offset),
    payload: Buffer.from(event.payload.buffer, event.payload.byteOffset, event.payload.byteLength).toString('utf8'),
  };
  const about = { workspace, type, time };
  const found: Found = { ...about, ...kept, ...marksOf(event, payload), text: linesOf(payload).map((words) => words.join(' ')) };
  const bare = (): string => JSON.stringify({ ...about, ...kept, ...UNMARKED, text: [], unindexed: true } satisfies Found);
  return { index: layout.indexOf(time), id: documentId(workspace, id), json: JSON.stringify(found), bare };
}

/** The id of an event's document: a redelivered event meets its own. */
export function documentId(workspaceId: string, id: string): string {
  return `${workspaceId}:${id}`;
}

/** The event of a document. */
export function eventOf({ envelope, payload, recordedAt, offset, epoch }: Kept): LoggedEvent {
  return eventFrom(envelope, { payload: Buffer.from(payload, 'utf8'), position: { epoch, offset: BigInt(offset) }, recordedAt });
}
