import type { IncomingHttpHeaders } from 'node:http';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { EventInputSchema } from '@millrace/contracts';
import type { FieldProblem, Ids } from '@millrace/kernel';
import { JsonText } from '../json/json-text';
import { malformed, misfit } from '../problems/refusals';
import { isExtension, SOURCE } from './attributes';
import { essenceOf } from './modes';

type EventInput = MessageInitShape<typeof EventInputSchema>;

/** A CloudEvent before anything of it is believed: attributes by name, and its data as JSON bytes. */
export interface CloudEvent {
  readonly attributes: ReadonlyMap<string, string>;
  readonly data: Uint8Array | undefined;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/** The event of a request whose headers carry the attributes. */
export function fromBinary(headers: IncomingHttpHeaders, body: Uint8Array): CloudEvent {
  const carried = Object.entries(headers).filter(([name]) => name.startsWith('ce-'));
  const attributes = new Map(carried.map(([name, value]) => [name.slice('ce-'.length), unescaped(String(value))] as const));
  const type = headers['content-type'];
  if (type !== undefined) attributes.set('datacontenttype', type);
  return { attributes, data: body.length === 0 ? undefined : body };
}

/** The events of a body that holds one, or a list of them. */
export function fromBody(body: Uint8Array, mode: 'structured' | 'batch'): readonly CloudEvent[] {
  const value = jsonOf(body);
  if (mode === 'structured') return [fromObject(value, '')];
  if (!Array.isArray(value)) throw malformed('json_syntax', 'A batch of CloudEvents is a list.');
  return value.map((item: unknown, index) => fromObject(item, `/${index}`));
}

/**
 * What a CloudEvent says, as the door takes events. Its id is unique for its source alone, so the event gets one that both always give.
 * Refuses (415) another version of CloudEvents and data that is no JSON, and attributes that are missing or no texts.
 */
export function inputOf({ attributes, data }: CloudEvent, at: string, ids: Ids): EventInput {
  const text = (name: string): string => attributes.get(name) ?? '';
  if (text('specversion') !== '1.0')
    throw malformed('media_type', `CloudEvents of version "${text('specversion')}" are not read here, but of 1.0.`);
  const type = essenceOf(text('datacontenttype'));
  if (type !== '' && type !== 'application/json' && !type.endsWith('+json')) {
    throw malformed('media_type', `The data of the event is "${type}". Events carry application/json.`);
  }
  const missing = ['id', 'source', 'type']
    .filter((name) => text(name) === '')
    .map((name) => problem(`${at}/${name}`, 'A CloudEvent has this attribute. Add it.'));
  const time = text('time') === '' ? undefined : Date.parse(text('time'));
  const wrong = Number.isNaN(time) ? [problem(`${at}/time`, 'This must be a time as RFC 3339 writes it.')] : [];
  const [first, ...others] = [...missing, ...wrong];
  if (first !== undefined) throw misfit([first, ...others]);
  const unknown = [...attributes].filter(([name]) => isExtension(name));
  return {
    ...{ id: ids.derive('evt', 'cloudevents', text('source'), text('id')), type: text('type'), subject: text('subject') },
    ...{ key: text('partitionkey'), extensions: Object.fromEntries([...unknown, [SOURCE, text('source')]]) },
    ...(time === undefined ? {} : { time: timestampFromMs(time) }),
    ...(data === undefined ? {} : { payload: data }),
  };
}

function fromObject(value: unknown, at: string): CloudEvent {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw misfit([problem(at, 'A CloudEvent is an object.')]);
  const { data, data_base64: bytes, ...rest } = value as Readonly<Record<string, unknown>>;
  if (bytes !== undefined) throw malformed('media_type', 'The data of the event is bytes ("data_base64"). Events carry JSON, in "data".');
  const given = Object.entries(rest).filter(([, attribute]) => attribute !== null);
  const wrong = given.filter(([, attribute]) => !['string', 'number', 'boolean'].includes(typeof attribute));
  const [first, ...others] = wrong.map(([name]) =>
    problem(`${at}/${name}`, 'An attribute of a CloudEvent is a text, a number or a boolean.'),
  );
  if (first !== undefined) throw misfit([first, ...others]);
  return {
    attributes: new Map(given.map(([name, attribute]) => [name, String(attribute)])),
    data: data === undefined ? undefined : encoder.encode(JSON.stringify(data)),
  };
}

/** The body, held to what every body of JSON is held to: what is too deep is refused before anybody walks it. */
function jsonOf(body: Uint8Array): unknown {
  const text = textOf(body);
  const json = new JsonText(text);
  json.skip();
  json.end();
  return JSON.parse(text);
}

function textOf(body: Uint8Array): string {
  try {
    return decoder.decode(body);
  } catch {
    throw malformed('json_syntax', 'The body is not JSON: it is not UTF-8.');
  }
}

/** Headers carry what is not printable ASCII with percent signs. */
function unescaped(value: string): string {
  try {
    return decodeURIComponent(value.replaceAll(/%(?![\dA-Fa-f]{2})/g, '%25'));
  } catch {
    return value;
  }
}

function problem(pointer: string, detail: string): FieldProblem {
  return { pointer, code: 'api.field_type', detail };
}
