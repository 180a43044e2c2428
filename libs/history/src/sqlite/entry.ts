import type { Json, JsonMap } from '@millrace/kernel';
import type { LoggedEvent } from '@millrace/messaging';
import { searchable } from '../text/words';
import { readPayload } from '../view';
import { eachLeaf } from './leaves';
import { crowdedMark, markOf, workspaceMark } from './mark';
import { LATEST } from './place';

const MARKED_LEAVES = 256;
// Stands between two values of the payload, so that no phrase reaches from one into the next: no word has this character.
const BREAK = ' § ';
const FAR = 2n ** 63n;

/** All that is stored of one event, but its place. */
export interface Entry {
  readonly event: LoggedEvent;
  readonly envelope: string;
  /** The text whose words can be found. */
  readonly text: string;
  /** The marks of the fields that can be found by equality. */
  readonly marks: string;
}

/** Makes of an event what is stored of it; throws, with the reason, on one that never can be. */
export function entryOf(event: LoggedEvent): Entry {
  const { payload: bytes, position, recordedAt, ...envelope } = event;
  if (!Number.isInteger(recordedAt) || recordedAt < 0 || recordedAt > LATEST) throw new Error('its time of record is out of range');
  if (position.offset < 0n || position.offset >= FAR) throw new Error('its offset is out of range');
  const payload = readPayload(bytes);
  return { event, envelope: JSON.stringify(envelope), text: textOf(payload), marks: marksOf(event, payload) };
}

function textOf(payload: JsonMap): string {
  const texts: string[] = [];
  eachLeaf(payload, 'payload', (_, leaf) => {
    if (typeof leaf !== 'boolean') texts.push(searchable(String(leaf)));
  });
  return texts.join(BREAK);
}

function marksOf({ workspaceId, type, subject, correlationId, actor, source, target }: LoggedEvent, payload: JsonMap): string {
  const marks = [workspaceMark(workspaceId), markOf(workspaceId, 'type', type), markOf(workspaceId, 'correlationId', correlationId)];
  if (subject !== undefined) marks.push(markOf(workspaceId, 'subject', subject));
  const mark = (value: object | undefined, field: string): void => {
    eachLeaf((value ?? null) as Json, field, (path, leaf) => marks.push(markOf(workspaceId, path, leaf)));
  };
  mark(actor, 'actor');
  mark(source, 'source');
  mark(target, 'target');
  const own = marks.length;
  mark(payload, 'payload');
  if (marks.length - own <= MARKED_LEAVES) return marks.join(' ');
  return [...marks.slice(0, own + MARKED_LEAVES), crowdedMark(workspaceId)].join(' ');
}
