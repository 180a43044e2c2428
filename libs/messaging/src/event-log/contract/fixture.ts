import { randomUUID } from 'node:crypto';
import type { LoggedEvent, NewEvent } from '../event';
import type { Durable, EventLog, Outcome } from '../event-log';

/** One log, empty at first. */
export interface EventLogFixture {
  readonly log: EventLog;
  /** Closes the log and opens it again on the same data, as a restarted process would. */
  reopen(): Promise<EventLog>;
  close(): Promise<void>;
}

export interface EventLogSettings {
  /** Bytes. */
  readonly capacity?: number;
}

/** Opens a log whose back-off is a few milliseconds. */
export type OpenEventLog = (settings?: EventLogSettings) => Promise<EventLogFixture>;

export const done: Outcome = { kind: 'done' };

let minted = 0;

/** An event of workspace `ws_1`, type `orders.paid`, unless said otherwise. */
export function anEvent(fields: Partial<NewEvent> = {}): NewEvent {
  minted += 1;
  return {
    id: `evt_${minted}`,
    workspaceId: 'ws_1',
    type: 'orders.paid',
    time: 1_700_000_000_000,
    payload: new TextEncoder().encode('{}'),
    correlationId: 'c-1',
    actor: { kind: 'service', id: 'tests' },
    source: {},
    ...fields,
  };
}

export function events(count: number, fields: (index: number) => Partial<NewEvent> = () => ({})): readonly NewEvent[] {
  return Array.from({ length: count }, (_, index) => anEvent(fields(index)));
}

export function idsOf(list: readonly { readonly id: string }[]): readonly string[] {
  return list.map(({ id }) => id);
}

/** The durable `d`: all of `ws_1` and `ws_2`, in the order of keys, unless said otherwise. */
export function aDurable(fields: Partial<Durable> = {}): Durable {
  return { name: 'd', filter: ['ws_1.>', 'ws_2.>'], order: 'key', parallel: 16, attempts: 5, start: 'first', ...fields };
}

export async function collect(source: AsyncIterable<LoggedEvent>): Promise<readonly LoggedEvent[]> {
  const all: LoggedEvent[] = [];
  for await (const event of source) all.push(event);
  return all;
}

/** The first `count` events, then leaves the loop. */
export async function take(count: number, source: AsyncIterable<LoggedEvent>): Promise<readonly LoggedEvent[]> {
  const all: LoggedEvent[] = [];
  for await (const event of source) if (all.push(event) === count) break;
  return all;
}

export interface Gate {
  readonly opened: Promise<void>;
  open(this: void): void;
}

export function gate(): Gate {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}

/** Things noted by handlers, and a way to wait for them. */
export interface Notes<T> {
  readonly all: readonly T[];
  add(this: void, note: T): void;
  /** Resolves when there are so many. */
  until(count: number): Promise<readonly T[]>;
}

export function notes<T>(): Notes<T> {
  const all: T[] = [];
  let wake = (): void => undefined;
  return {
    all,
    add: (note) => {
      all.push(note);
      wake();
    },
    until: async (count) => {
      while (all.length < count) await new Promise<void>((resolve) => (wake = resolve));
      return all;
    },
  };
}

/** A durable of its own gets everything appended so far and one more: whatever the others were to get has been handed to them. */
export async function settled(log: EventLog): Promise<void> {
  const marker = anEvent({ id: randomUUID(), workspaceId: 'ws_marker', type: 'marker' });
  const seen = gate();
  const consumption = await log.consume(
    aDurable({ name: `marker-${marker.id}`, filter: ['ws_marker.>'], order: 'none', start: 'now' }),
    async (event) => {
      if (event.id === marker.id) seen.open();
      return done;
    },
  );
  await log.append([marker]);
  await seen.opened;
  await consumption.stop(1_000);
}
