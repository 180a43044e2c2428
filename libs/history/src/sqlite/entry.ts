import type { Json, JsonMap } from '@millrace/kernel';
import type { LoggedEvent } from '@millrace/messaging';
import { searchable } from '../text/words';
import { recordOf } from '../record';
import { eachLeaf, type Leaf } from '../leaves';
import { Marker } from './mark';

const MARKED_LEAVES = 256;
// Stands between two values of the payload, so that no phrase reaches from one into the next: no word has this character.
const BREAK = ' § ';

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
  const { envelope, payload } = recordOf(event);
  return { event, envelope, text: textOf(payload), marks: marksOf(event, payload) };
}

function textOf(payload: JsonMap): string {
  const texts: string[] = [];
  eachLeaf(payload, 'payload', (_, leaf) => {
    if (typeof leaf !== 'boolean') texts.push(searchable(String(leaf)));
  });
  return texts.join(BREAK);
}

function marksOf({ workspaceId, type, subject, correlationId, actor, source, target }: LoggedEvent, payload: JsonMap): string {
  const marker = new Marker(workspaceId);
  const marks = [marker.own, marker.of('type', type), marker.of('correlationId', correlationId)];
  const mark = (path: string, leaf: Leaf): void => {
    marks.push(marker.of(path, leaf));
  };
  if (subject !== undefined) mark('subject', subject);
  eachLeaf(asJson(actor), 'actor', mark);
  eachLeaf(asJson(source), 'source', mark);
  eachLeaf(asJson(target), 'target', mark);
  const all = marks.length + MARKED_LEAVES;
  eachLeaf(payload, 'payload', mark);
  return (marks.length <= all ? marks : [...marks.slice(0, all), marker.crowded()]).join(' ');
}

function asJson(part: object | undefined): Json {
  return (part ?? null) as Json;
}
