import type { JsonMap } from '@millrace/kernel';
import type { LoggedEvent, NewEvent } from '@millrace/messaging';
import type { ItemResult } from './history';
import { readPayload } from './payload';

const FAR = 2n ** 63n;

// Every store must hold the same events: the embedded one has 42 bits for the milliseconds of a place.
/** The latest `recordedAt` that an event may have. */
export const LATEST = 2 ** 42 - 1;

/** What a store keeps of an event beside its payload and its place. */
export interface EventRecord {
  /** All but payload, position and time of record, as JSON. */
  readonly envelope: string;
  readonly payload: JsonMap;
}

/** Reads an event for a store; throws, with the reason, on one that never can be kept. */
export function recordOf({ payload: bytes, position, recordedAt, ...envelope }: LoggedEvent): EventRecord {
  if (!Number.isInteger(recordedAt) || recordedAt < 0 || recordedAt > LATEST) throw new Error('its time of record is out of range');
  if (position.offset < 0n || position.offset >= FAR) throw new Error('its offset is out of range');
  return { envelope: JSON.stringify(envelope), payload: readPayload(bytes) };
}

/** The event of a record, as it was appended. */
export function eventFrom(envelope: string, rest: Pick<LoggedEvent, 'payload' | 'position' | 'recordedAt'>): LoggedEvent {
  return { ...(JSON.parse(envelope) as Omit<NewEvent, 'payload'>), ...rest };
}

/** The answer for an event that `recordOf` throws on. */
export function cannotBeKept(error: unknown): ItemResult {
  return { kind: 'refused', reason: `The event cannot be indexed: ${error instanceof Error ? error.message : String(error)}.` };
}
