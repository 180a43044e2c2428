import {
  create,
  fromBinary,
  mergeFromBinary,
  toBinary,
  type DescMessage,
  type MessageInitShape,
  type MessageShape,
} from '@bufbuild/protobuf';
import { BinaryReader } from '@bufbuild/protobuf/wire';
import { Turn } from '../turn';

/** Items of a list that are written at once. */
const PORTION = 16;
/** Bytes of a message that are read at once. */
const SECTION = 8 * 1024;

/**
 * The bytes of a message, which the caller gives away. A long list in it is written portion by portion, with turns for others in between:
 * the bytes of two messages, one after the other, are those of one that has the items of both.
 */
export async function encodeMessage<M extends DescMessage>(schema: M, init: MessageInitShape<M>): Promise<Uint8Array> {
  const lists = longLists(schema, init);
  if (lists.length === 0) return toBinary(schema, create(schema, init));
  const turn = new Turn();
  await turn.giveWay();
  const portions = [write(schema, { ...init, ...Object.fromEntries(lists.map(([name]) => [name, []])) })];
  for (const [name, items] of lists) {
    for (let at = 0; at < items.length; at += PORTION) {
      if (turn.isOver()) await turn.giveWay();
      portions.push(write(schema, { [name]: items.slice(at, at + PORTION) }));
    }
  }
  return Buffer.concat(portions);
}

/** Reads a message. A long one is read section by section, with turns for others in between. */
export async function decodeMessage<M extends DescMessage>(schema: M, bytes: Uint8Array): Promise<MessageShape<M>> {
  if (bytes.length <= SECTION) return fromBinary(schema, bytes);
  const turn = new Turn();
  await turn.giveWay();
  const message = create(schema);
  const reader = new BinaryReader(bytes);
  let read = 0;
  while (reader.pos < reader.len) {
    const [number, type] = reader.tag();
    reader.skip(type, number);
    if (reader.pos - read < SECTION && reader.pos < reader.len) continue;
    mergeFromBinary(schema, message, bytes.subarray(read, reader.pos));
    read = reader.pos;
    if (turn.isOver()) await turn.giveWay();
  }
  return message;
}

function longLists(schema: DescMessage, init: object): readonly (readonly [name: string, items: readonly unknown[]])[] {
  const all = init as Readonly<Record<string, unknown>>;
  return schema.fields.flatMap(({ fieldKind, localName }) => {
    const items = fieldKind === 'list' ? (all[localName] as readonly unknown[] | undefined) : undefined;
    return items !== undefined && items.length > PORTION ? [[localName, items] as const] : [];
  });
}

function write(schema: DescMessage, init: object): Uint8Array {
  return toBinary(schema, create(schema, init as MessageInitShape<DescMessage>));
}
