import { create, getOption, ScalarType, type DescField, type DescMessage, type Message } from '@bufbuild/protobuf';
import { FeatureSet_FieldPresence } from '@bufbuild/protobuf/wkt';
import { field as fieldRules } from '@bufbuild/protovalidate/gen/buf/validate/validate_pb.js';
import { isJsonField } from '@millrace/contracts';
import type { JsonText } from '../json/json-text';
import { enumReader, hasOwnForm, ownFormReader, scalarReader, type ReadValue } from './read-single';

/** A message while it is filled: its fields by their names in TypeScript. */
export type Draft = Message & Record<string, unknown>;

/** Reads the value that stands next into the message. */
type Fill = (json: JsonText, draft: Draft) => void;

const NOTHING_ELSEWHERE: ReadonlyMap<string, string> = new Map();
const encoder = new TextEncoder();
const readers = new WeakMap<DescMessage, MessageReader>();

/** Reads messages of one kind from JSON. What the schema says is looked up when the reader is made, nothing per message. */
export class MessageReader {
  private readonly fills: ReadonlyMap<string, Fill>;

  /**
   * `elsewhere`: fields that may not stand in the JSON, by name, and what to tell who sets them there. `patch`: the JSON is a merge patch
   * (RFC 7396), in which `null` empties an optional text.
   */
  constructor(
    private readonly schema: DescMessage,
    private readonly elsewhere = NOTHING_ELSEWHERE,
    patch = false,
  ) {
    const fields = schema.fields.filter(({ jsonName }) => !elsewhere.has(jsonName));
    this.fills = new Map(fields.map((field) => [field.jsonName, patch && isOptionalText(field) ? emptied(field) : filler(field)]));
  }

  /** The message; what does not fit is noted in the text. */
  read(json: JsonText): Message {
    const draft = create(this.schema) as Draft;
    this.fill(json, draft);
    return draft;
  }

  /** Sets the fields that stand in the object and leaves the others as they are. */
  fill(json: JsonText, draft: Draft): void {
    if (json.kind() !== 'object') return json.mistyped('an object');
    json.object((key) => {
      const fill = this.fills.get(key);
      if (fill === undefined) json.unknown(key, this.fills.keys(), this.elsewhere.get(key));
      else fill(json, draft);
    });
  }
}

/** How one field's value is read, wherever it stands. */
export function fieldReader(field: DescField): ReadValue {
  const read = singleReader(field);
  switch (field.fieldKind) {
    case 'list':
      return listReader(read, mostItems(field));
    case 'map':
      if (field.mapKey === ScalarType.STRING) return mapReader(read);
      throw new Error(`${field.parent.typeName}.${field.name}: only maps with text keys are served.`);
    default:
      return read;
  }
}

/** `null` means "absent", except where the field is a JSON document of its own. */
function filler(field: DescField): Fill {
  const read = fieldReader(field);
  const nullIsValue = isJsonField(field) && field.fieldKind === 'scalar';
  return (json, draft) => {
    if (!nullIsValue && json.kind() === 'null') return void json.word();
    const value = read(json);
    if (value === undefined) return;
    if (field.oneof === undefined) draft[field.localName] = value;
    else draft[field.oneof.localName] = { case: field.localName, value };
  };
}

function emptied(field: DescField): Fill {
  const fill = filler(field);
  return (json, draft) => {
    if (json.kind() === 'null') draft[field.localName] = '';
    fill(json, draft);
  };
}

function isOptionalText(field: DescField): boolean {
  return field.scalar === ScalarType.STRING && field.presence === FeatureSet_FieldPresence.EXPLICIT;
}

/** How one value of the field is read: the whole of it, an item of the list, a value of the map. */
function singleReader(field: DescField): ReadValue {
  const { message, scalar } = field;
  if (message !== undefined) return hasOwnForm(message) ? ownFormReader(message) : (json) => readerOf(message).read(json);
  if (scalar === undefined) return enumReader(field.enum);
  return isJsonField(field) ? documentReader : scalarReader(scalar, 'longAsString' in field && field.longAsString);
}

/** A JSON document is checked and kept as it is written; whoever uses it parses it. */
const documentReader: ReadValue = (json) => encoder.encode(json.source());

function listReader(read: ReadValue, most: number): ReadValue {
  return (json) => {
    if (json.kind() !== 'array') return json.mistyped('a list');
    const items: unknown[] = [];
    json.array(() => items.push(read(json)), most);
    return items;
  };
}

/** The checks say so, too, but only when all items have been read and each was looked at. */
function mostItems(field: DescField): number {
  const { type } = getOption(field, fieldRules);
  return type.case === 'repeated' && type.value.maxItems > 0n ? Number(type.value.maxItems) : Infinity;
}

function mapReader(read: ReadValue): ReadValue {
  return (json) => {
    if (json.kind() !== 'object') return json.mistyped('an object');
    const entries: [string, unknown][] = [];
    json.object((key) => entries.push([key, read(json)]));
    return Object.fromEntries(entries);
  };
}

function readerOf(schema: DescMessage): MessageReader {
  const reader = readers.get(schema) ?? new MessageReader(schema);
  readers.set(schema, reader);
  return reader;
}
