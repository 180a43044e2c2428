import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { SignedPassports } from '@millrace/auth';
import { EventKeep, EventsService, type Event } from '@millrace/contracts';
import type { JsonMap, Principal } from '@millrace/kernel';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { io, type Socket } from 'socket.io-client';
import { neighbours } from '../testing/neighbours';
import { eventsService } from './index';

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const NAMESPACE = '/v1/workspaces/hotel/events';

interface Delivered {
  readonly n: number;
  readonly subs: readonly string[];
  readonly offset?: string;
  readonly event: JsonMap;
}

let bench: ServiceBench;
let passports: SignedPassports;
const sockets: Socket[] = [];

beforeAll(async () => {
  bench = await serviceBench(neighbours, eventsService({}));
  const { keyValue, clock } = bench.platform;
  passports = await SignedPassports.create({ service: 'gateway', keyValue, clock });
});

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.disconnect();
});

afterAll(async () => {
  await passports.close();
  await bench[Symbol.asyncDispose]();
});

async function instance(): Promise<{ instance: string; address: string; draining: boolean; sockets: number }> {
  const [entry] = await (await bench.platform.keyValue.bucket('instances')).list('events.');
  return JSON.parse(decoder.decode(entry?.value)) as Awaited<ReturnType<typeof instance>>;
}

interface Coming {
  readonly who?: Principal;
  /** When what they came with ends. */
  readonly ends?: number;
  readonly auth?: object;
  readonly namespace?: string;
}

/** A client as it comes through the gateway; not connected yet. */
async function client({ who, ends, auth, namespace = NAMESPACE }: Coming = { who: person('ada') }): Promise<Socket> {
  const { address } = await instance();
  const until = ends === undefined ? {} : { 'millrace-principal-ends': String(ends) };
  const socket = io(`http://${address}${namespace}`, {
    ...{ transports: ['websocket'], forceNew: true, autoConnect: false, reconnectionDelay: 1, reconnectionDelayMax: 2 },
    ...(auth === undefined ? {} : { auth }),
    ...(who === undefined ? {} : { extraHeaders: { 'millrace-principal': await passports.sign(who, 60_000), ...until } }),
  });
  sockets.push(socket);
  return socket;
}

async function connected(coming?: Coming): Promise<Socket> {
  const socket = await client(coming);
  const came = new Promise((resolve, reject) => socket.once('connect', () => resolve(undefined)).once('connect_error', reject));
  socket.connect();
  await came;
  return socket;
}

/** What the next message of this name says. */
function heard(socket: Socket, message: string): Promise<unknown[]> {
  return new Promise((resolve) => socket.once(message, (...said: unknown[]) => resolve(said)));
}

/** The problem a client is refused with. */
async function refusal(coming: Coming): Promise<JsonMap> {
  const error = (await connected(coming).catch((reason: unknown) => reason)) as { data?: JsonMap; message: string };
  return error.data ?? { message: error.message };
}

/** Events of a subscription as they come. */
class Arrivals {
  readonly all: Delivered[] = [];
  private look = (): void => undefined;

  constructor(socket: Socket) {
    socket.on('event', (delivered: Delivered) => {
      this.all.push(delivered);
      this.look();
    });
  }

  async first(count: number): Promise<readonly Delivered[]> {
    await new Promise<void>((resolve) => {
      this.look = () => {
        if (this.all.length >= count) resolve();
      };
      this.look();
    });
    return this.all;
  }

  ids(): unknown[] {
    return this.all.map(({ event }) => event['id']);
  }
}

async function ask(socket: Socket, message: string, body: unknown): Promise<JsonMap> {
  return (await socket.emitWithAck(message, body)) as JsonMap;
}

let counted = 0;
const freshType = (): string => `orders.kind${++counted}`;

async function emit(type: string, values: readonly object[], who = 'ada', keep = EventKeep.HISTORY): Promise<readonly string[]> {
  const events = values.map((value) => ({ type, keep, payload: encoder.encode(JSON.stringify(value)) }));
  const answer = await bench.bus.call(EventsService.method.emitEvents, { workspaceId: 'hotel', events }, bench.as(person(who)));
  return answer.events.map(({ id }) => id);
}

/** The history as soon as it has that many events of the type. A round trip between two looks gives the indexer its turn. */
async function found(type: string, count: number): Promise<readonly Event[]> {
  const { address } = await instance();
  for (;;) {
    const request = { workspaceId: 'ws_1', types: [type], sort: 'oldest' };
    const { items } = await bench.bus.call(EventsService.method.listEvents, request, bench.as(person('vera')));
    if (items.length >= count) return items;
    await fetch(`http://${address}/`);
  }
}

describe('the calls of the events service', () => {
  it('take events, and find them again', async () => {
    const type = freshType();
    const ids = await emit(type, [{ total: 1 }, { total: 2 }, { total: 3 }]);
    const items = await found(type, 3);
    expect(items.map(({ id }) => id)).toEqual(ids);
    expect(items[0]).toMatchObject({ workspaceId: 'ws_1', type, key: 'ada', actor: { kind: 'user', id: 'ada' } });
    const get = { workspaceId: 'hotel', eventId: ids[1] ?? '' };
    const { event } = await bench.bus.call(EventsService.method.getEvent, get, bench.as(person('vera')));
    expect(decoder.decode(event?.payload)).toBe('{"total":2}');
  });

  it('page through a search', async () => {
    const type = freshType();
    const ids = await emit(type, [{ total: 1 }, { total: 2 }, { total: 3 }]);
    await found(type, 3);
    const search = (cursor: string) => {
      const from = { seconds: 0n, nanos: 0 };
      const request = { workspaceId: 'ws_1', where: `type = '${type}' and payload.total >= 2`, limit: 1, cursor, from };
      return bench.bus.call(EventsService.method.searchEvents, request, bench.as(person('ada')));
    };
    const first = await search('');
    const second = await search(first.nextCursor);
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual([ids[2], ids[1]]);
    await expect(search(`x${first.nextCursor}`)).rejects.toThrow(expect.objectContaining({ code: 'events.cursor_invalid' }));
  });

  it('keep strangers and mere readers in their places', async () => {
    const type = freshType();
    await expect(emit(type, [{}], 'vera')).rejects.toThrow(expect.objectContaining({ code: 'events.create_denied', refusal: 'forbidden' }));
    await expect(emit(type, [{}], 'eve')).rejects.toThrow(expect.objectContaining({ code: 'workspaces.not_found' }));
    const list = bench.bus.call(EventsService.method.listEvents, { workspaceId: 'hotel' }, bench.as(person('eve')));
    await expect(list).rejects.toThrow(expect.objectContaining({ code: 'workspaces.not_found' }));
  });

  it('derive ids from an idempotency key, and take every field a client may state', async () => {
    const event = {
      type: freshType(),
      subject: 'order/1',
      key: 'k',
      target: { user: 'vera' },
      time: { seconds: 1n, nanos: 0 },
      keep: EventKeep.LOG,
    };
    const request = { workspaceId: 'hotel', events: [event], idempotencyKey: 'once' };
    const send = () => bench.bus.call(EventsService.method.emitEvents, request, bench.as(person('ada')));
    const first = await send();
    expect((await send()).events).toEqual(first.events);
  });
});

describe('who comes to the sockets', () => {
  it('may follow what is addressed to them, wherever it happens', async () => {
    const type = freshType();
    const socket = await connected({ who: person('eve'), namespace: '/v1/me/events' });
    const arrivals = new Arrivals(socket);
    await ask(socket, 'subscribe', { id: 'a', types: [type] });
    const send = (user: string) => ({ type, target: { user } });
    const events = [send('vera'), send('eve')];
    const { events: taken } = await bench.bus.call(
      EventsService.method.emitEvents,
      { workspaceId: 'hotel', events },
      bench.as(person('ada')),
    );
    await arrivals.first(1);
    expect(arrivals.ids()).toEqual([taken[1]?.id]);
    expect(await ask(socket, 'emit', { type })).toMatchObject({ code: 'events.no_workspace', status: 422 });
  });

  it('is known by the passport of the gateway, or by a token in the connect packet', async () => {
    await connected();
    await connected({ auth: { token: 'ada' } });
    await connected({ auth: { token: 'ada' }, who: person('eve') });
  });

  it('is refused as a stranger, with a bad token, and as nobody', async () => {
    expect(await refusal({ who: person('eve') })).toMatchObject({ code: 'workspaces.not_found', status: 404 });
    expect(await refusal({ auth: { token: 'bad' } })).toMatchObject({ code: 'auth.token_invalid', status: 401 });
    expect(await refusal({ auth: { token: 5 } })).toMatchObject({ code: 'events.message_invalid' });
    expect(await refusal({})).toMatchObject({ code: 'events.sign_in_needed', status: 401 });
  });

  it('is refused with a forged passport, and anywhere but at a workspace', async () => {
    const forged = await client({});
    forged.io.opts.extraHeaders = { 'millrace-principal': 'forged' };
    const failed = heard(forged, 'connect_error');
    forged.connect();
    expect(await failed).toHaveLength(1);
    expect(await refusal({ who: person('ada'), namespace: '' })).toMatchObject({ message: expect.stringContaining('/v1/workspaces') });
    expect(await refusal({ who: person('ada'), namespace: '/v1/me' })).toEqual({ message: 'Invalid namespace' });
  });

  it('gets a session id that names this instance', async () => {
    const socket = await connected();
    expect(socket.io.engine.id).toMatch(new RegExp(`^${(await instance()).instance}\\.[A-Za-z0-9_-]{22}$`));
  });

  it('may come by polling and go on by WebSocket', async () => {
    const socket = await client();
    socket.io.opts.transports = ['polling', 'websocket'] as never;
    const upgraded = new Promise((resolve) => socket.io.once('open', () => socket.io.engine.once('upgrade', resolve)));
    socket.connect();
    await upgraded;
    expect(await ask(socket, 'subscribe', { id: 'a' })).toMatchObject({ recovered: true });
  });

  it('is warned before its token ends, and stays with a new one', async () => {
    const socket = await client({ auth: { token: 'ada:50000' } });
    const warned = heard(socket, 'auth.expiring');
    socket.connect();
    await warned;
    expect(await ask(socket, 'auth', { token: 'vera' })).toMatchObject({ code: 'events.another_principal', status: 403 });
    expect(await ask(socket, 'auth', { token: 'ada' })).toEqual({});
    expect(await ask(socket, 'auth', { token: 'ada:3600000' })).toEqual({ expiresAt: expect.any(String) });
  });

  it.each([
    ['in the connect packet', { auth: { token: 'ada:-31000' } }],
    ['in the first request', { who: person('ada'), ends: Date.now() - 31_000 }],
  ])('is let go when what it brought %s has been over for a while', async (_, coming) => {
    const socket = await client(coming);
    const told = heard(socket, 'problem');
    socket.connect();
    expect(await told).toEqual([expect.objectContaining({ code: 'events.sign_in_over' })]);
  });
});

describe('live delivery over sockets', () => {
  it('brings what fits, as the API writes it', async () => {
    const type = freshType();
    const socket = await connected({ who: person('vera') });
    const arrivals = new Arrivals(socket);
    const answer = await ask(socket, 'subscribe', { id: 'a', types: [type], where: 'payload.total > 1' });
    expect(answer).toEqual({ position: expect.stringMatching(/^\w+-\d+$/), recovered: true });
    const [, wanted] = await emit(type, [{ total: 1 }, { total: 2, name: 'Zoë' }]);
    const [delivered] = await arrivals.first(1);
    expect(delivered).toMatchObject({ n: 1, subs: ['a'], offset: expect.stringMatching(/^\d+$/) });
    expect(delivered?.event).toMatchObject({
      id: wanted,
      type,
      workspaceId: 'ws_1',
      keep: 'KEEP_HISTORY',
      payload: { total: 2, name: 'Zoë' },
    });
    expect(delivered?.event['offset']).toBe(delivered?.offset);
  });

  it('takes events and says where they stand, and carries those for the connected', async () => {
    const type = freshType();
    const [socket, reader] = await Promise.all([connected(), connected({ who: person('vera') })]);
    const arrivals = new Arrivals(reader);
    await ask(reader, 'subscribe', { id: 'a', types: [type] });
    const kept = await ask(socket, 'emit', { type, payload: { total: 1 } });
    const live = await ask(socket, 'emit', { type, keep: 'KEEP_LIVE' });
    expect(Object.keys(kept)).toEqual(['id', 'offset']);
    expect(Object.keys(live)).toEqual(['id']);
    const delivered = await arrivals.first(2);
    expect(delivered.map(({ event, offset }) => [event['id'], offset])).toEqual([
      [kept['id'], kept['offset']],
      [live['id'], undefined],
    ]);
    expect(delivered[0]?.event).toMatchObject({ actor: { id: 'ada' }, source: { socket: socket.id } });
  });

  it('refuses what may not be emitted, by whoever may not', async () => {
    const [socket, reader] = await Promise.all([connected(), connected({ who: person('vera') })]);
    expect(await ask(socket, 'emit', { type: 'error' })).toMatchObject({ code: 'events.native_type', errors: [{ pointer: '/type' }] });
    expect(await ask(socket, 'emit', { type: 'a', actor: 'me' })).toMatchObject({ code: 'events.message_invalid' });
    expect(await ask(reader, 'emit', { type: 'a' })).toMatchObject({ code: 'events.create_denied', status: 403 });
  });

  it('ends a subscription on demand', async () => {
    const type = freshType();
    const socket = await connected();
    const arrivals = new Arrivals(socket);
    await ask(socket, 'subscribe', { id: 'a', types: [type] });
    await ask(socket, 'subscribe', { id: 'b', types: [type], payload: 'none' });
    expect(await ask(socket, 'unsubscribe', { id: 'a' })).toEqual({ id: 'a' });
    await emit(type, [{}]);
    await arrivals.first(1);
    expect(arrivals.all[0]?.subs).toEqual(['b']);
    expect(arrivals.all[0]?.event).not.toHaveProperty('payload');
  });

  it('goes on across a broken connection without a gap or a repeat', async () => {
    const type = freshType();
    const socket = await connected();
    const arrivals = new Arrivals(socket);
    const { position } = await ask(socket, 'subscribe', { id: 'a', types: [type] });
    const ids = [...(await emit(type, [{}, {}]))];
    await arrivals.first(2);
    const last = arrivals.all.at(-1);
    const since = `${(position as string).split('-')[0] ?? ''}-${last?.offset ?? ''}`;
    const back = heard(socket, 'disconnect');
    socket.io.engine.close();
    await back;
    ids.push(...(await emit(type, [{}, {}])));
    const again = socket.connected ? Promise.resolve() : heard(socket, 'connect');
    await again;
    const caughtUp = heard(socket, 'caught-up');
    expect(await ask(socket, 'subscribe', { id: 'a', types: [type], since })).toEqual({ position: since, recovered: true });
    expect(await caughtUp).toEqual([{ sub: 'a', position: expect.any(String) }]);
    ids.push(...(await emit(type, [{}])));
    await arrivals.first(5);
    expect(arrivals.ids()).toEqual(ids);
  });

  it('begins with the connection when the connect packet says so', async () => {
    const type = freshType();
    const socket = await client({ who: person('ada'), auth: { subscribe: { id: 'a', types: [type] } } });
    const arrivals = new Arrivals(socket);
    const subscribed = heard(socket, 'subscribed');
    socket.connect();
    expect(await subscribed).toEqual([{ id: 'a', position: expect.any(String), recovered: true }]);
    await emit(type, [{}]);
    expect(await arrivals.first(1)).toHaveLength(1);
  });

  it('holds up no one for a client that does not read, and brings that one everything later', async () => {
    const type = freshType();
    const [slow, quick] = await Promise.all([connected(), connected()]);
    const [late, prompt] = [new Arrivals(slow), new Arrivals(quick)];
    for (const socket of [slow, quick]) await ask(socket, 'subscribe', { id: 'a', types: [type] });
    const stream = (slow.io.engine.transport as unknown as { ws: { pause(): void; resume(): void } }).ws;
    stream.pause();
    const ids: string[] = [];
    const heavy = { text: 'x'.repeat(200_000) };
    for (let count = 0; count < 60; count++) ids.push(...(await emit(type, [heavy], 'ada', EventKeep.LOG)));
    await prompt.first(60);
    expect(prompt.ids()).toEqual(ids);
    expect(late.all.length).toBeLessThan(60);
    stream.resume();
    await late.first(60);
    expect(late.ids()).toEqual(ids);
    expect(late.all.map(({ n }) => n)).toEqual(ids.map((_, index) => index + 1));
  });

  it('lets go of clients when what they have in the workspace ends by itself', async () => {
    const socket = await client({ who: person('uma') });
    const ended = heard(socket, 'problem');
    socket.connect();
    expect(await ended).toEqual([expect.objectContaining({ code: 'events.rights_changed' })]);
  });

  it('lets go of clients whose rights have changed; they come back and are judged anew', async () => {
    const socket = await connected();
    const told = heard(socket, 'problem');
    const back = heard(socket, 'connect');
    const { eventLog, clock, ids } = bench.platform;
    await eventLog.append([
      {
        ...{ id: ids.mint('evt'), workspaceId: 'ws_1', type: 'workspaces.members.changed', time: clock.now(), correlationId: 'req_1' },
        ...{ payload: encoder.encode('{"user":"ada"}'), actor: { kind: 'service', id: 'workspaces' }, source: { service: 'workspaces' } },
      },
    ]);
    expect(await told).toEqual([expect.objectContaining({ code: 'events.rights_changed' })]);
    await back;
  });
});

describe('clients that misbehave', () => {
  it('are told what they may say, and let go after ten messages that nobody knows', async () => {
    const socket = await connected();
    const told = heard(socket, 'problem');
    const left = heard(socket, 'disconnect');
    expect(await ask(socket, 'shout', {})).toMatchObject({ code: 'events.message_unknown' });
    for (let count = 0; count < 9; count++) socket.emit('shout');
    expect(await told).toEqual([expect.objectContaining({ code: 'events.message_unknown' })]);
    await left;
  });

  it('are answered without an acknowledgement by a message', async () => {
    const socket = await connected();
    const told = heard(socket, 'problem');
    socket.emit('subscribe', { id: '' });
    expect(await told).toEqual([expect.objectContaining({ code: 'events.message_invalid' })]);
  });

  it('end their own connection with binary packets, and no other', async () => {
    const [socket, other] = await Promise.all([connected(), connected()]);
    const left = heard(socket, 'disconnect');
    socket.emit('emit', { type: 'a', payload: { bytes: Buffer.from('x') } });
    await left;
    expect(await ask(other, 'subscribe', { id: 'a' })).toMatchObject({ recovered: true });
  });
});

describe('a packet that is malformed', () => {
  it.each(['', '7', '[]', '[1]', '[1,{}]', '[null]', '{}', '["subscribe"', '7["subscribe"', '["__proto__"', '1-["emit"]'])(
    'ends its own connection, and no other: "%s"',
    async (text) => {
      const [socket, other] = await Promise.all([connected(), connected()]);
      const left = heard(socket, 'disconnect');
      socket.io.engine.write(`2${NAMESPACE},${text}`);
      await left;
      expect(await ask(other, 'subscribe', { id: 'a' })).toMatchObject({ recovered: true });
    },
  );
});

describe('the instance', () => {
  it('is announced, measured and healthy', async () => {
    expect(await instance()).toMatchObject({ address: expect.stringMatching(/^127\.0\.0\.1:\d+$/), draining: false });
    const events = bench.services.find(({ name }) => name === 'events');
    const { ready, dependencies } = (await events?.parts.health.report()) ?? {};
    expect([ready, dependencies?.every(({ ok }) => ok)]).toEqual([true, true]);
    expect(dependencies?.map(({ name }) => name)).toEqual(expect.arrayContaining(['event log', 'history', 'live feed']));
    expect(await events?.parts.metrics.registry.metrics()).toContain('millrace_live_deliveries_total');
  });

  it('asks its clients to go when it stops', async () => {
    const own = await serviceBench(neighbours, eventsService({}));
    const bucket = await own.platform.keyValue.bucket('instances');
    const [entry] = await bucket.list('events.');
    const { address } = JSON.parse(decoder.decode(entry?.value)) as { address: string };
    const socket = io(`http://${address}${NAMESPACE}`, {
      transports: ['websocket'],
      forceNew: true,
      auth: { token: 'ada' },
      reconnection: false,
    });
    sockets.push(socket);
    await heard(socket, 'connect');
    const drained = heard(socket, 'drain');
    const left = heard(socket, 'disconnect');
    const stopping = own.services.find(({ name }) => name === 'events')?.stop();
    expect(await drained).toEqual([{ within: 0 }]);
    await left;
    await stopping;
    expect(await bucket.list('events.')).toEqual([]);
    await own[Symbol.asyncDispose]();
  });
});
