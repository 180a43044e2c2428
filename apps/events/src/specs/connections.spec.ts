import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { SignedPassports } from '@millrace/auth';
import { EventsService, LiveService } from '@millrace/contracts';
import type { JsonMap } from '@millrace/kernel';
import type { LoggedEvent } from '@millrace/messaging';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { io, type Socket } from 'socket.io-client';
import { neighbours } from '../../testing/neighbours';
import { StreamReader } from '../../testing/stream-reader';
import { eventsService } from '../index';

const HOTEL = '/v1/workspaces/hotel/events';
const workspaceId = 'hotel';
const { listConnections, closeConnection } = LiveService.method;

let bench: ServiceBench;
let passports: SignedPassports;
/** Of the two instances. */
let addresses: readonly string[];
const cleanups: (() => unknown)[] = [];

beforeAll(async () => {
  // Each service of one process has documents of its own name.
  bench = await serviceBench(neighbours, eventsService({}), { ...eventsService({}), name: 'events-2' });
  const { keyValue, clock } = bench.platform;
  passports = await SignedPassports.create({ service: 'gateway', keyValue, clock });
  const entries = await (await keyValue.bucket('instances')).list('events.');
  addresses = entries.map(({ value }) => (JSON.parse(new TextDecoder().decode(value)) as { address: string }).address);
});

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
  while ((await list()).items.length > 0);
});

afterAll(async () => {
  await passports.close();
  await bench[Symbol.asyncDispose]();
});

const as = (who: string) => bench.as(person(who));
const refusing = (code: string) => expect.objectContaining({ code });
const proof = async (who: string) => ({ 'millrace-principal': await passports.sign(person(who), 60_000) });
const list = (more: { limit?: number; cursor?: string } = {}) => bench.bus.call(listConnections, { workspaceId, ...more }, as('ada'));
const close = (connection: string, who = 'ada') => bench.bus.call(closeConnection, { workspaceId, connection }, as(who));

/** A socket that follows the hotel, on one of the instances. */
async function socket(who: string, instance: number): Promise<Socket> {
  return follow(`http://${addresses[instance]}${HOTEL}`, who);
}

async function follow(url: string, who: string): Promise<Socket> {
  const options = { transports: ['websocket'], forceNew: true, reconnectionDelay: 1, extraHeaders: await proof(who) };
  const opened = io(url, options);
  // Else it comes back.
  cleanups.push(() => opened.io.reconnection(false).engine.close());
  await heard(opened, 'connect');
  return opened;
}

async function stream(who: string, instance: number, query = ''): Promise<StreamReader> {
  const response = await fetch(`http://${addresses[instance]}${HOTEL}:stream${query}`, { headers: await proof(who) });
  if (response.body === null) throw new Error('There is no stream.');
  const reader = new StreamReader(response.body);
  await reader.begun();
  cleanups.push(() => reader.stop());
  return reader;
}

function heard<T>(from: Socket, name: string): Promise<T> {
  return new Promise((resolve) => from.once(name, (said: T) => resolve(said)));
}

async function closings(): Promise<readonly LoggedEvent[]> {
  return Array.fromAsync(bench.platform.eventLog.read('first', 'ws_1.events.connections.>', { live: false }));
}

describe('who follows a workspace', () => {
  it('is listed over all instances, with who they are and what they follow', async () => {
    const first = await socket('ada', 0);
    await first.emitWithAck('subscribe', { id: 'a', types: ['orders.>', 'rooms.*'] });
    await first.emitWithAck('subscribe', { id: 'b', types: ['orders.>'] });
    await stream('vera', 1, '?types=rooms.cleaned');
    const { items, nextCursor } = await list();
    expect(nextCursor).toBe('');
    expect(items).toEqual([
      expect.objectContaining({ transport: 'stream', kind: 'user', principal: 'vera', subscriptions: 1, types: ['rooms.cleaned'] }),
      expect.objectContaining({ id: first.id, transport: 'websocket', principal: 'ada', subscriptions: 2, types: ['orders.>', 'rooms.*'] }),
    ]);
    expect(items.map(({ behind }) => behind)).toEqual([false, false]);
  });

  it('is listed in pages that leave out nobody and show nobody twice', async () => {
    const opened = new Set<string | undefined>();
    for (const instance of [0, 1, 0, 1, 0]) opened.add((await socket('vera', instance)).id);
    const seen: string[] = [];
    for (let cursor: string | undefined; cursor !== '';) {
      const page = await list({ limit: 2, ...(cursor === undefined ? {} : { cursor }) });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(seen).toHaveLength(5);
    expect(new Set(seen)).toEqual(opened);
    await expect(list({ cursor: 'elsewhere' })).rejects.toThrow(refusing('events.cursor_invalid'));
  });

  it('is for those who manage its events, and only those of the workspace are listed', async () => {
    await follow(`http://${addresses[0]}/v1/me/events`, 'ada');
    expect((await list()).items).toEqual([]);
    const asVera = bench.bus.call(listConnections, { workspaceId }, as('vera'));
    await expect(asVera).rejects.toThrow(refusing('events.manage_denied'));
    await expect(close('x', 'vera')).rejects.toThrow(refusing('events.manage_denied'));
    await expect(close('x', 'eve')).rejects.toThrow(refusing('workspaces.not_found'));
  });

  it('is not told while an instance that is there does not answer, and is when it is gone', async () => {
    const { keyValue, clock } = bench.platform;
    const bucket = await keyValue.bucket('instances');
    const wire = await bench.platform.connect('events');
    const stuck = await wire.serve('live.roll.evi_stuck', 'events', {
      request: () => Promise.reject(new Error('It is out of its mind.')),
    });
    await bucket.put('events.evi_stuck', new TextEncoder().encode(JSON.stringify({ instance: 'evi_stuck', at: clock.now() })));
    await expect(list()).rejects.toThrow(refusing('events.instance_silent'));
    await stuck.close();
    expect((await list()).items).toEqual([]);
    await bucket.delete('events.evi_stuck');
    await wire.close();
  });
});

describe('a connection that is closed', () => {
  it('is told why, gets nothing that happens later and does not come back by itself; the audit says who closed it', async () => {
    const [closed, other] = [await socket('vera', 1), await socket('vera', 1)];
    const events: string[] = [];
    for (const each of [closed, other]) {
      await each.emitWithAck('subscribe', { id: 'a', types: ['rooms.>'] });
      each.on('event', ({ event }: { event: { id: string } }) => events.push(`${each === closed ? 'closed' : 'other'} ${event.id}`));
    }
    const [problem, reason] = [heard<JsonMap>(closed, 'problem'), heard<string>(closed, 'disconnect')];
    await close(closed.id ?? '');
    const delivered = heard(other, 'event');
    await bench.bus.call(EventsService.method.emitEvents, { workspaceId, events: [{ id: 'e1', type: 'rooms.cleaned' }] }, as('ada'));
    expect(await problem).toMatchObject({ code: 'events.connection_closed', status: 403 });
    expect(await reason).toBe('io server disconnect');
    await delivered;
    expect(events).toEqual(['other e1']);
    expect([closed.active, other.connected]).toEqual([false, true]);
    expect((await list()).items.map(({ id }) => id)).toEqual([other.id]);
    const [fact] = await closings();
    expect(fact).toMatchObject({ actor: { kind: 'user', id: 'ada' }, source: { service: 'events' } });
    expect(JSON.parse(new TextDecoder().decode(fact?.payload))).toMatchObject({ principal: 'vera', transport: 'websocket' });
  });

  it('keeps what else its client has over the same connection', async () => {
    const closed = await socket('ada', 0);
    const own = closed.io.socket('/v1/me/events', {});
    await heard(own, 'connect');
    const reason = heard<string>(closed, 'disconnect');
    await close(closed.id ?? '');
    await reason;
    expect(own.connected).toBe(true);
  });

  it('may be a stream, which ends with the reason', async () => {
    const reader = await stream('vera', 1);
    const [item] = (await list()).items;
    await close(item?.id ?? '');
    const messages = await reader.end();
    expect(messages.at(-1)).toMatchObject({ event: 'problem', data: { code: 'events.connection_closed' } });
  });

  it('is there no longer: to close it again is refused', async () => {
    const one = await socket('ada', 0);
    const gone = heard(one, 'disconnect');
    const { id = '' } = one;
    await close(id);
    await gone;
    await expect(close(id)).rejects.toThrow(refusing('events.connection_not_found'));
    await expect(close('never-there')).rejects.toThrow(refusing('events.connection_not_found'));
  });
});
