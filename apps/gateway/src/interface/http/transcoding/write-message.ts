import { ScalarType, toJson, type DescEnum, type DescField, type DescMessage, type Message } from '@bufbuild/protobuf';
import { FeatureSet_FieldPresence, timestampDate, TimestampSchema, type Timestamp } from '@bufbuild/protobuf/wkt';
import { isJsonField } from '@millrace/contracts';
import { Turn } from '@millrace/messaging';
import { JsonText } from '../json/json-text';
import type { Wanted } from './narrowing';
import { isLong } from './numbers';
import { hasOwnForm } from './read-single';

/** Writes a value as JSON. */
export type WriteValue = (value: unknown) => string;

/** `undefined`: the field is left out. */
type WriteField = (message: Readonly<Record<string, unknown>>) => string | undefined;

const decoder = new TextDecoder();
/** Up to so many items are written without a turn of their own. */
const FEW = 16;
const writers = new WeakMap<DescMessage, WriteValue>();

/**
 * How messages of the schema are written as JSON: lists, maps, numbers and booleans always stand there; a text, a time, a document or an
 * enum that is empty, and a message that is absent, are left out. What the schema says is looked up here, nothing per message.
 * `wanted`: only these fields; all when absent.
 */
export function messageWriter(schema: DescMessage, wanted?: Wanted): WriteValue {
  if (wanted !== undefined) return writerOf(schema, wanted);
  const write = writers.get(schema) ?? writerOf(schema);
  writers.set(schema, write);
  return write;
}

/** Writes the same, with turns for others: between the fields, and between the items of a list. */
export function writerInTurns(schema: DescMessage, wanted?: Wanted): (value: unknown) => Promise<string> {
  const fields = shownOf(schema, wanted).map((field) => {
    const [name, within] = [nameOf(field), inside(wanted, field.jsonName)];
    return { name, field, write: fieldWriter(field, within), writeOne: singleWriter(field, within) };
  });
  return async (value) => {
    const message = value as Readonly<Record<string, unknown>>;
    const turn = new Turn();
    const parts: string[] = [];
    for (const { name, field, write, writeOne } of fields) {
      const text =
        field.fieldKind === 'list' ? await itemsInTurns(message[field.localName] as readonly unknown[], writeOne, turn) : write(message);
      if (text !== undefined) parts.push(`${name}${text}`);
    }
    if (turn.isOver()) await turn.giveWay();
    return `{${parts.join(',')}}`;
  };
}

async function itemsInTurns(items: readonly unknown[], write: WriteValue, turn: Turn): Promise<string> {
  const texts: string[] = [];
  if (items.length > FEW) await turn.giveWay();
  for (const item of items) {
    if (turn.isOver()) await turn.giveWay();
    texts.push(write(item));
  }
  return `[${texts.join(',')}]`;
}

function writerOf(schema: DescMessage, wanted?: Wanted): WriteValue {
  const fields = shownOf(schema, wanted).map((field) => [nameOf(field), fieldWriter(field, inside(wanted, field.jsonName))] as const);
  return (message) => {
    let text = '';
    for (const [name, field] of fields) {
      const value = field(message as Readonly<Record<string, unknown>>);
      if (value !== undefined) text += `${text === '' ? '' : ','}${name}${value}`;
    }
    return `{${text}}`;
  };
}

function shownOf({ fields }: DescMessage, wanted: Wanted | undefined): readonly DescField[] {
  return wanted === undefined ? fields : fields.filter(({ jsonName }) => wanted.has(jsonName));
}

function nameOf({ jsonName }: DescField): string {
  return `${JSON.stringify(jsonName)}:`;
}

/** What is wanted of a field's value. */
function inside(wanted: Wanted | undefined, name: string): Wanted | undefined {
  const found = wanted?.get(name);
  return found === true ? undefined : found;
}

/** Whether the field stands in every answer, filled or not. */
export function isAlwaysWritten(field: DescField): boolean {
  switch (field.fieldKind) {
    case 'list':
    case 'map':
      return true;
    case 'scalar':
      return !hasPresence(field) && field.scalar !== ScalarType.STRING && field.scalar !== ScalarType.BYTES;
    default:
      return false;
  }
}

/** How the value of a field is written, wherever it stands. */
export function valueWriter(field: DescField, wanted?: Wanted): WriteValue {
  const write = singleWriter(field, wanted);
  switch (field.fieldKind) {
    case 'list':
      return (items) => `[${(items as unknown[]).map(write).join(',')}]`;
    case 'map':
      return (map) => {
        const entries = Object.entries(map as Record<string, unknown>);
        return `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${write(value)}`).join(',')}}`;
      };
    default:
      return write;
  }
}

function fieldWriter(field: DescField, wanted?: Wanted): WriteField {
  const write = valueWriter(field, wanted);
  const { localName, oneof } = field;
  if (oneof !== undefined) {
    return (message) => {
      const chosen = message[oneof.localName] as { case?: string; value?: unknown };
      return chosen.case === localName ? write(chosen.value) : undefined;
    };
  }
  if (isAlwaysWritten(field)) return (message) => write(message[localName]);
  const withPresence = hasPresence(field);
  return (message) => {
    const value = message[localName];
    return value === undefined || (!withPresence && isEmpty(value)) ? undefined : write(value);
  };
}

function singleWriter(field: DescField, wanted?: Wanted): WriteValue {
  const { message, scalar } = field;
  if (message !== undefined) return nestedWriter(message, wanted);
  if (scalar === undefined) return enumWriter(field.enum);
  if (isJsonField(field)) return documentWriter(wanted);
  if (scalar === ScalarType.BYTES) return (bytes) => `"${Buffer.from(bytes as Uint8Array).toString('base64')}"`;
  if (isLong(scalar)) return (value) => `"${String(value)}"`;
  return (value) => JSON.stringify(value);
}

/** A document stands as it was written. */
function documentWriter(wanted: Wanted | undefined): WriteValue {
  if (wanted === undefined) return (bytes) => decoder.decode(bytes as Uint8Array);
  return (bytes) => narrowed(new JsonText(decoder.decode(bytes as Uint8Array)), wanted);
}

/** The value standing next with the wanted keys only, of lists in each item. */
function narrowed(json: JsonText, wanted: Wanted): string {
  const parts: string[] = [];
  switch (json.kind()) {
    case 'object':
      json.object((key) => {
        const inner = wanted.get(key);
        if (inner === undefined) json.skip();
        else parts.push(`${JSON.stringify(key)}:${inner === true ? json.source() : narrowed(json, inner)}`);
      });
      return `{${parts.join(',')}}`;
    case 'array':
      json.array(() => parts.push(narrowed(json, wanted)));
      return `[${parts.join(',')}]`;
    default:
      return json.source();
  }
}

function nestedWriter(schema: DescMessage, wanted?: Wanted): WriteValue {
  if (schema.typeName === TimestampSchema.typeName) return (time) => `"${timestampDate(time as Timestamp).toISOString()}"`;
  if (hasOwnForm(schema)) return (value) => JSON.stringify(toJson(schema, value as Message));
  if (wanted !== undefined) return writerOf(schema, wanted);
  return (message) => messageWriter(schema)(message);
}

function enumWriter(declared: DescEnum): WriteValue {
  return (number) => JSON.stringify(declared.value[number as number]?.name ?? number);
}

/** Whether "set to nothing" and "not set" are two things. */
function hasPresence(field: DescField): boolean {
  return field.presence !== FeatureSet_FieldPresence.IMPLICIT;
}

/** The empty text, no bytes, the enum's zero. */
function isEmpty(value: unknown): boolean {
  return value === '' || value === 0 || (value instanceof Uint8Array && value.length === 0);
}
