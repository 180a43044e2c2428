import { fromJson, ScalarType, type DescEnum, type DescMessage, type JsonValue } from '@bufbuild/protobuf';
import { nearest } from '../json/nearest';
import type { JsonText } from '../json/json-text';
import { isLong, readNumber, wantedNumber } from './numbers';

/** Reads the value that stands next; undefined when it did not fit, which the text has noted. */
export type ReadValue = (json: JsonText) => unknown;

/** Reads a value out of a path, a query or a header. */
export interface TextReader {
  /** undefined: the text does not fit. */
  readonly read: (text: string) => unknown;
  /** What it must be. */
  readonly wanted: string;
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9+/_-]{2}(?:==)?|[A-Za-z0-9+/_-]{3}=?)?$/;

/** How a scalar is read from JSON. */
export function scalarReader(scalar: ScalarType, longAsString: boolean): ReadValue {
  const { read, wanted } = scalarText(scalar, longAsString);
  switch (scalar) {
    case ScalarType.STRING:
    case ScalarType.BYTES:
      return (json) => (json.kind() === 'string' ? (read(json.string()) ?? json.unfit(wanted)) : json.mistyped(wanted));
    case ScalarType.BOOL:
      return (json) => (json.kind() === 'boolean' ? json.word() : json.mistyped(wanted));
    default:
      return (json) => {
        const kind = json.kind();
        if (kind === 'string' && isLong(scalar)) return read(json.string()) ?? json.unfit(wanted);
        return kind === 'number' ? (read(json.number()) ?? json.unfit(wanted)) : json.mistyped(wanted);
      };
  }
}

/** How a scalar is read from a text. */
export function scalarText(scalar: ScalarType, longAsString: boolean): TextReader {
  switch (scalar) {
    case ScalarType.STRING:
      return { read: (text) => (text.isWellFormed() ? text : undefined), wanted: 'a text' };
    case ScalarType.BYTES:
      return { read: (text) => (BASE64.test(text) ? Uint8Array.from(Buffer.from(text, 'base64')) : undefined), wanted: 'base64' };
    case ScalarType.BOOL:
      return { read: (text) => (text === 'true' ? true : text === 'false' ? false : undefined), wanted: 'true or false' };
    default:
      return { read: (text) => asDeclared(readNumber(scalar, text), longAsString), wanted: wantedNumber(scalar) };
  }
}

/** An enum stands by the name of its value. */
export function enumReader(declared: DescEnum): ReadValue {
  const { read, wanted } = enumText(declared);
  return (json) => {
    if (json.kind() !== 'string') return json.mistyped(wanted);
    const name = json.string();
    const meant = nearest(
      name,
      declared.values.map((value) => value.name),
    );
    return read(name) ?? json.unfit(meant === undefined ? wanted : `${wanted}; did you mean "${meant}"?`);
  };
}

export function enumText(declared: DescEnum): TextReader {
  const numbers = new Map(declared.values.map(({ name, number }) => [name, number]));
  return { read: (text) => numbers.get(text), wanted: `one of ${[...numbers.keys()].join(', ')}` };
}

/** Whether the message has a JSON form of its own: a time, a duration, a wrapped scalar. */
export function hasOwnForm({ typeName }: DescMessage): boolean {
  return typeName.startsWith('google.protobuf.');
}

/** How a message with a JSON form of its own is read. */
export function ownFormReader(schema: DescMessage): ReadValue {
  const { wanted } = ownFormText(schema);
  return (json) => parsed(schema, JSON.parse(json.source()) as JsonValue) ?? json.unfit(wanted);
}

export function ownFormText(schema: DescMessage): TextReader {
  return { read: (text) => parsed(schema, text), wanted: WANTED[schema.typeName] ?? `a ${schema.name}` };
}

const WANTED: Readonly<Record<string, string>> = {
  'google.protobuf.Timestamp': 'a time like 2027-01-31T08:00:00.000Z (RFC 3339)',
  'google.protobuf.Duration': 'a duration in seconds like "1.5s"',
};

function parsed(schema: DescMessage, value: JsonValue): unknown {
  try {
    return fromJson(schema, value);
  } catch {
    return undefined;
  }
}

function asDeclared(value: number | bigint | undefined, longAsString: boolean): unknown {
  return longAsString ? value?.toString() : value;
}
