export { Bus } from './bus/bus';
export { BusServer } from './bus/bus-server';
export type { BusServerParts } from './bus/bus-server';
export type { CallContext } from './bus/call-context';
export { RemoteFault } from './bus/problems';
export { Rpc } from './bus/rpc';
export { Passports } from './bus/passports';
export { Turn } from './turn';
export { Wire } from './wire/wire';
export type { Registration, RequestOptions, WireHandlers, WireMessage, WireRequest } from './wire/wire';
export { LocalHub } from './wire/local/local-hub';
export { NatsWire } from './wire/nats/nats-wire';
export type { NatsWireOptions } from './wire/nats/nats-wire';
export { EventLog } from './event-log/event-log';
export type {
  Appended,
  Consumption,
  DeadLetter,
  DeadLetters,
  Delivery,
  Durable,
  DurableStanding,
  LogRange,
  Outcome,
  Pattern,
  ReadOptions,
  TrimOptions,
} from './event-log/event-log';
export { eventFilter } from './event-log/event-filter';
export type { EventFilter } from './event-log/event-filter';
export { JetStreamEventLog } from './event-log/jetstream/jetstream-event-log';
export type { JetStreamEventLogOptions } from './event-log/jetstream/jetstream-event-log';
export { SqliteEventLog } from './event-log/sqlite/sqlite-event-log';
export type { SqliteEventLogOptions } from './event-log/sqlite/sqlite-event-log';
export { decodeEvent, eventToMessage } from './event-log/codec';
export { encodeEvent } from './event-log/event-writer';
export { formatPosition, parsePosition } from './event-log/event';
export type { EventActor, EventSource, EventTarget, Keep, LoggedEvent, NewEvent, Position } from './event-log/event';
export { assertEntry, Bucket, KeyValue, revisionConflict } from './key-value/key-value';
export { SqliteKeyValue } from './key-value/sqlite/sqlite-key-value';
export { openStore } from './sqlite/store-file';
export type { StoreFileOptions } from './sqlite/store-file';
export type { SqliteKeyValueOptions } from './key-value/sqlite/sqlite-key-value';
export { NatsKeyValue } from './key-value/nats/nats-key-value';
export type { NatsKeyValueOptions } from './key-value/nats/nats-key-value';
export type { Change, Entry, PutOptions, Watch } from './key-value/key-value';
