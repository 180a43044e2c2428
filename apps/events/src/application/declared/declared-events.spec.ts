import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Clock, DomainError, servicePrincipal, type Json, type Principal } from '@millrace/kernel';
import { SqliteEventLog, type LoggedEvent, type NewEvent, type Registration } from '@millrace/messaging';
import { Metrics } from '@millrace/observability';
import { SystemIds } from '@millrace/service';
import { SetTypes } from '../../../testing/declared';
import { permitted } from '../../../testing/permitted';
import { BackPressure } from '../back-pressure';
import { EmitEvents, type Accepted, type EventDraft } from '../emit-events';
import { Measures } from '../measures';
import { LiveChannel } from '../ports/live-channel';
import type { DeclaredType } from '../ports/declared-types';

const NOON = 1_900_000_020_000;

class SetClock extends Clock {
  time = NOON;
  override now(): number {
    return this.time;
  }
}

class NoChannel extends LiveChannel {
  readonly heard: NewEvent[] = [];
  override async publish(event: NewEvent): Promise<void> {
    this.heard.push(event);
  }
  override async listen(): Promise<Registration> {
    return { close: async () => undefined };
  }
}

const ada: Principal = { kind: 'user', id: 'ada', session: 's-1', roles: [] };
const ORDER: Json = { type: 'object', required: ['order'], properties: { order: { type: 'string' }, total: { type: 'number' } } };
const placed: DeclaredType = { type: 'orders.placed', version: 3, mode: 'enforce', schema: ORDER, clients: 'true', secret: [] };
const draft = (type: string, payload: object, more: Partial<EventDraft> = {}): EventDraft => ({
  type,
  payload: new TextEncoder().encode(JSON.stringify(payload)),
  keep: 'history',
  ...more,
});

let eventLog: SqliteEventLog;
let clock: SetClock;
let types: SetTypes;
let live: NoChannel;
let emitter: EmitEvents;

beforeEach(() => {
  clock = new SetClock();
  types = new SetTypes();
  live = new NoChannel();
  eventLog = new SqliteEventLog({ file: ':memory:', clock });
  emitter = another();
});

afterEach(() => eventLog.close());

function another(): EmitEvents {
  const pressure = new BackPressure(eventLog, clock);
  const measures = new Measures(new Metrics('events'));
  return new EmitEvents({ eventLog, live, pressure, clock, ids: new SystemIds(clock), measures, declared: types.events() });
}

function emit(drafts: readonly EventDraft[], principal = ada, use = emitter): Promise<readonly Accepted[]> {
  const admit = async () => ({ id: 'ws_1', permission: permitted(principal, 'create') });
  return use.run({ principal, correlationId: 'req_1', deadline: 0 }, { drafts, place: (index) => `/events/${index}`, admit });
}

function logged(type = '>'): Promise<LoggedEvent[]> {
  return Array.fromAsync(eventLog.read('first', `*.${type}`, { live: false }));
}

const payloadOf = ({ payload }: NewEvent): unknown => JSON.parse(Buffer.from(payload).toString('utf8'));

describe('an event whose type is declared', () => {
  it('enters with the number of its schema', async () => {
    types.declare('ws_1', 'd1', [placed]);
    await emit([draft('orders.placed', { order: 'o-1' }), draft('orders.other', {})]);
    expect((await logged()).map(({ version }) => version ?? 0)).toEqual([3, 0]);
  });

  it('is refused with every place where it does not fit, and the whole batch with it', async () => {
    types.declare('ws_1', 'd1', [placed]);
    const batch = [draft('orders.placed', { order: 'o-1' }), draft('orders.placed', { total: 'much' })];
    await expect(emit(batch)).rejects.toMatchObject({
      code: 'events.schema_violated',
      refusal: 'invalid',
      errors: [{ pointer: '/events/1/payload/order' }, { pointer: '/events/1/payload/total' }],
    });
    expect(await logged()).toEqual([]);
  });

  it('is let in and told of once a minute, by whichever process, when it is only to be warned of', async () => {
    types.declare('ws_1', 'd1', [{ ...placed, mode: 'warn' }]);
    for (const use of [emitter, emitter, another()]) await emit([draft('orders.placed', {})], ada, use);
    expect(await logged('orders.placed')).toHaveLength(3);
    expect((await logged('events.types.violated')).map(payloadOf)).toEqual([
      { type: 'orders.placed', version: 3, problems: [{ pointer: '/order', detail: 'is required' }] },
    ]);
    clock.time += 60_000;
    await emit([draft('orders.placed', {})]);
    expect(await logged('events.types.violated')).toHaveLength(2);
  });

  it('is told as a whole that it does not fit where no one place is wrong', async () => {
    types.declare('ws_1', 'd1', [{ ...placed, schema: { type: 'object', minProperties: 1 } }]);
    await expect(emit([draft('orders.placed', {})])).rejects.toMatchObject({
      message: expect.stringContaining('"orders.placed": it '),
      errors: [{ pointer: '/events/0/payload' }],
    });
  });

  it('is held to nothing when it has no schema', async () => {
    const { schema: _, ...open } = placed;
    types.declare('ws_1', 'd1', [{ ...open, version: 0 }]);
    await emit([draft('orders.placed', { total: 'much' })]);
    expect(await logged()).toHaveLength(1);
  });

  it('is held to nothing when its schema only documents', async () => {
    types.declare('ws_1', 'd1', [{ ...placed, mode: 'off' }]);
    await emit([draft('orders.placed', { total: 'much' })]);
    expect((await logged()).map(({ type }) => type)).toEqual(['orders.placed']);
  });

  it('is ordered by what its type declares, unless it says itself by what', async () => {
    types.declare('ws_1', 'd1', [{ ...placed, key: 'order' }]);
    await emit([
      draft('orders.placed', { order: 'o-1' }),
      draft('orders.placed', { order: 'o-1' }, { key: 'mine' }),
      draft('orders.other', {}),
    ]);
    expect((await logged()).map(({ key }) => key)).toEqual(['o-1', 'mine', 's-1']);
  });

  it('never takes its secrets to the log, nor to those connected, and says which are missing', async () => {
    types.declare('ws_1', 'd1', [{ ...placed, secret: ['card.number', 'pin'] }]);
    const paid = { order: 'o-1', card: { number: '4111', holder: 'Ada' } };
    await emit([draft('orders.placed', paid), draft('orders.placed', paid, { keep: 'live' })]);
    const [kept] = await logged();
    for (const event of [kept, live.heard[0]]) {
      expect(event).toMatchObject({ redacted: ['card.number'] });
      expect(event === undefined ? undefined : payloadOf(event)).toEqual({ order: 'o-1', card: { holder: 'Ada' } });
    }
  });

  it('is sent by clients only as far as its type lets them', async () => {
    types.declare('ws_1', 'd1', [
      { ...placed, clients: 'payload.total < 10' },
      { ...placed, type: 'orders.closed', clients: 'false' },
    ]);
    await emit([draft('orders.placed', { order: 'o-1', total: 9 })]);
    const refused = { code: 'events.clients_refused', refusal: 'forbidden' };
    await expect(emit([draft('orders.placed', { order: 'o-1', total: 11 })])).rejects.toMatchObject(refused);
    await expect(emit([draft('orders.closed', { order: 'o-1' })])).rejects.toMatchObject(refused);
    await emit([draft('orders.closed', { order: 'o-1' })], servicePrincipal('ads'));
    expect(await logged()).toHaveLength(2);
  });

  it('is held to the version that runs, fetched once', async () => {
    types.declare('ws_1', 'd1', [{ ...placed, mode: 'off' }]);
    for (const _ of [1, 2, 3]) await emit([draft('orders.placed', {})]);
    expect(types.asked).toBe(1);
    types.declare('ws_1', 'd2', [placed]);
    await expect(emit([draft('orders.placed', {})])).rejects.toMatchObject({ code: 'events.schema_violated' });
    expect(types.asked).toBe(2);
  });

  it('is held to what its workspace declares, however many others there are', async () => {
    const count = 1_001;
    const admit = (index: number) => async () => ({ id: `ws_${index}`, permission: permitted(ada, 'create') });
    const drafts = [draft('orders.placed', {})];
    for (let index = 0; index < count; index++) types.declare(`ws_${index}`, 'd1', [placed]);
    for (const index of [...Array.from({ length: count }).keys(), count - 1, 0]) {
      const use = emitter.run({ principal: ada, correlationId: 'req_1', deadline: 0 }, { drafts, place: String, admit: admit(index) });
      await expect(use).rejects.toMatchObject({ code: 'events.schema_violated' });
    }
    // The one that was not asked for the longest had to be fetched again.
    expect(types.asked).toBe(count + 1);
  });

  it('does not enter when something is broken, and nobody is told that trying again would help', async () => {
    types.declare('ws_1', 'd1', [placed]);
    types.away = new Error('broken');
    await expect(emit([draft('orders.placed', { order: 'o-1' })])).rejects.toBe(types.away);
    expect(await logged()).toEqual([]);
  });

  it('does not enter while what is declared cannot be had, and does once it can', async () => {
    types.declare('ws_1', 'd1', [placed]);
    types.away = new DomainError('bus.no_one', 'unavailable', 'Nobody answers.');
    await expect(emit([draft('orders.placed', { order: 'o-1' })])).rejects.toMatchObject({
      code: 'events.types_unavailable',
      refusal: 'unavailable',
    });
    types.away = undefined;
    await expect(emit([draft('orders.placed', { order: 'o-1' })])).resolves.toHaveLength(1);
  });
});

describe('an event whose type nobody declares', () => {
  it('enters unless the workspace says otherwise', async () => {
    types.declare('ws_1', 'd1', [placed]);
    await expect(emit([draft('orders.other', {})])).resolves.toHaveLength(1);
  });

  it('is refused where the workspace takes none, whether or not it declares any', async () => {
    types.declare('ws_1', 'd1', [], 'refuse');
    await expect(emit([draft('orders.other', {})])).rejects.toMatchObject({
      code: 'events.type_undeclared',
      errors: [{ pointer: '/events/0/type' }],
    });
    expect(types.asked).toBe(0);
  });

  it('is told of where the workspace warns', async () => {
    types.declare('ws_1', 'd1', [], 'warn');
    await emit([draft('orders.other', {})]);
    expect((await logged('events.types.violated')).map(payloadOf)).toMatchObject([{ type: 'orders.other', version: 0 }]);
  });
});
