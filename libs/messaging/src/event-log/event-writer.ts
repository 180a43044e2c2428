import type { DescMessage } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { EventKeep, EventSchema } from '@millrace/contracts';
import type { Keep, NewEvent } from './event';

/** The numbers of `Keep` in messages. */
export const KEEP_NUMBERS: Readonly<Record<Keep, EventKeep>> = {
  history: EventKeep.HISTORY,
  log: EventKeep.LOG,
  live: EventKeep.LIVE,
};

const { field } = EventSchema;
const IN_TIMESTAMP = { seconds: 1, nanos: 2 };
const IN_MAP_ENTRY = { key: 1, value: 2 };
const ACTOR_FIELDS = textFieldsOf(field.actor.message, ['kind', 'id', 'onBehalfOf']);
const SOURCE_FIELDS = textFieldsOf(field.source.message, [
  'service',
  'automation',
  'app',
  'run',
  'step',
  'endpoint',
  'session',
  'socket',
  'ip',
  'replayOf',
]);
const TARGET_FIELDS = textFieldsOf(field.target.message, ['user', 'session', 'topic', 'socket']);
const TEXT_FIELDS = textFieldsOf(EventSchema, [
  'id',
  'workspaceId',
  'type',
  'subject',
  'key',
  'correlationId',
  'causationId',
  'traceparent',
  'tracestate',
]);

/** One for all events: it keeps its buffer, and allocating one per event is most of what writing an event costs. */
const writer = new BinaryWriter();

/**
 * Writes an event as the library writes `millrace.events.v1.Event`, three times as fast: every event passes here on its way into the
 * log. An empty field and an absent one are the same. `recordedAt`: when the log accepts it, in milliseconds, for a log that keeps that
 * in the event.
 */
export function encodeEvent(event: NewEvent, recordedAt?: number): Uint8Array {
  try {
    writeEvent(event);
    if (recordedAt !== undefined) writeTime(field.recordedAt.number, recordedAt);
    return writer.finish();
  } catch (error) {
    // What is half written must not begin the next event.
    writer.finish();
    throw error;
  }
}

function writeEvent(event: NewEvent): void {
  writeTexts(event, TEXT_FIELDS);
  writeNumber(field.version.number, event.version);
  writeTime(field.time.number, event.time);
  if (event.revision !== undefined && event.revision !== 0) writer.tag(field.revision.number, WireType.Varint).uint64(event.revision);
  if (event.payload.length > 0) writer.tag(field.payload.number, WireType.LengthDelimited).bytes(event.payload);
  writeNumber(field.hops.number, event.hops);
  writeMessage(field.actor.number, event.actor, ACTOR_FIELDS);
  writeMessage(field.source.number, event.source, SOURCE_FIELDS);
  if (event.target !== undefined) writeMessage(field.target.number, event.target, TARGET_FIELDS);
  writeNumber(field.keep.number, event.keep && KEEP_NUMBERS[event.keep]);
  for (const [name, value] of Object.entries(event.extensions ?? {})) writeExtension(name, value);
  for (const path of event.redacted ?? []) writer.tag(field.redacted.number, WireType.LengthDelimited).string(path);
}

function writeTime(number: number, time: number): void {
  const seconds = Math.floor(time / 1_000);
  writer.tag(number, WireType.LengthDelimited).fork();
  if (seconds !== 0) writer.tag(IN_TIMESTAMP.seconds, WireType.Varint).int64(seconds);
  if (time !== seconds * 1_000) writer.tag(IN_TIMESTAMP.nanos, WireType.Varint).int32((time - seconds * 1_000) * 1_000_000);
  writer.join();
}

function writeExtension(name: string, value: string): void {
  writer.tag(field.extensions.number, WireType.LengthDelimited).fork();
  writer.tag(IN_MAP_ENTRY.key, WireType.LengthDelimited).string(name);
  writer.tag(IN_MAP_ENTRY.value, WireType.LengthDelimited).string(value).join();
}

function writeNumber(number: number, value: number | undefined): void {
  if (value !== undefined && value !== 0) writer.tag(number, WireType.Varint).uint32(value);
}

function writeMessage<Name extends string>(number: number, message: { readonly [K in Name]?: string }, fields: TextFields<Name>): void {
  writer.tag(number, WireType.LengthDelimited).fork();
  writeTexts(message, fields);
  writer.join();
}

function writeTexts<Name extends string>(message: { readonly [K in Name]?: string }, fields: TextFields<Name>): void {
  for (const { name, number } of fields) {
    const text = message[name];
    if (text !== undefined && text !== '') writer.tag(number, WireType.LengthDelimited).string(text);
  }
}

type TextFields<Name extends string> = readonly { readonly name: Name; readonly number: number }[];

function textFieldsOf<Name extends string>(message: DescMessage | undefined, names: readonly Name[]): TextFields<Name> {
  return names.map((name) => {
    const found = message?.field[name];
    if (found === undefined) throw new Error(`no field ${name} in ${message?.typeName ?? 'no message'}`);
    return { name, number: found.number };
  });
}
