import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { SignedPassports } from '@millrace/auth';
import { EventsService } from '@millrace/contracts';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { neighbours } from '../testing/neighbours';
import { StreamReader } from '../testing/stream-reader';
import { eventsService } from './index';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

let bench: ServiceBench;
let passports: SignedPassports;
const readers: StreamReader[] = [];

beforeAll(async () => {
  bench = await serviceBench(neighbours, eventsService({}));
  const { keyValue, clock } = bench.platform;
  passports = await SignedPassports.create({ service: 'gateway', keyValue, clock });
});

afterEach(async () => {
  await Promise.all(readers.splice(0).map((reader) => reader.stop()));
});

afterAll(async () => {
  await passports.close();
  await bench[Symbol.asyncDispose]();
});

async function get(query: string, { who = 'vera', headers = {}, on = bench }: Asking = {}): Promise<Response> {
  const [entry] = await (await on.platform.keyValue.bucket('instances')).list('events.');
  const { address } = JSON.parse(decoder.decode(entry?.value)) as { address: string };
  const signed = await passports.sign(person(who), 60_000);
  return fetch(`http://${address}/v1/workspaces/hotel/events:stream${query}`, { headers: { 'millrace-principal': signed, ...headers } });
}

interface Asking {
  readonly who?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly on?: ServiceBench;
}

async function stream(query: string, asking?: Asking): Promise<StreamReader> {
  const { body } = await get(query, asking);
  if (body === null) throw new Error('The answer has no body.');
  const reader = new StreamReader(body);
  readers.push(reader);
  await reader.begun();
  return reader;
}

let counted = 0;
const freshType = (): string => `streams.kind${++counted}`;

async function emit(type: string, payloads: readonly string[]): Promise<readonly string[]> {
  const events = payloads.map((payload) => ({ type, payload: encoder.encode(payload) }));
  const answer = await bench.bus.call(EventsService.method.emitEvents, { workspaceId: 'hotel', events }, bench.as(person('ada')));
  return answer.events.map(({ id }) => id);
}

const idsOf = (reader: StreamReader): unknown[] =>
  reader.messages.filter(({ event }) => event === 'event').map(({ data }) => (data as { id: string }).id);

describe('event streams', () => {
  it('bring what fits, each with its position, on one line however it was written', async () => {
    const type = freshType();
    const reader = await stream(`?types=${type}&where=${encodeURIComponent('payload.total > 1')}`);
    const [, wanted] = await emit(type, ['{"total":1}', '{\r\n "total": 2 }']);
    const [message] = await reader.first(1);
    expect(message).toMatchObject({ event: 'event', data: { id: wanted, type, payload: { total: 2 } } });
    const { epoch, offset } = message?.data as { epoch: string; offset: string };
    expect(message?.id).toBe(`${epoch}-${offset}`);
  });

  it('go on behind the last event a client had, and say when they have caught up', async () => {
    const type = freshType();
    const before = await stream(`?types=${type}`);
    const [, ...missed] = await emit(type, ['{}', '{}', '{}']);
    const [seen] = await before.first(1);
    await before.stop();
    const after = await stream(`?types=${type}`, { headers: { 'last-event-id': seen?.id ?? '' } });
    await after.first(3);
    expect(idsOf(after)).toEqual(missed);
    expect(after.messages[2]).toMatchObject({ event: 'caught-up', id: after.lastId });
    const [later] = await emit(type, ['{}']);
    await after.first(4);
    expect(idsOf(after)).toEqual([...missed, later]);
  });

  it('go on behind where they began when nothing came before they broke', async () => {
    const type = freshType();
    const before = await stream(`?types=${type}`);
    await before.stop();
    const ids = await emit(type, ['{}']);
    const after = await stream(`?types=${type}&since=${before.lastId}`);
    await after.first(2);
    expect(idsOf(after)).toEqual(ids);
  });

  it('say that there is a gap where nobody can lead them on', async () => {
    const reader = await stream(`?types=${freshType()}&since=otherlog-7`);
    expect(await reader.first(1)).toEqual([{ event: 'gap', id: reader.lastId, data: { reason: 'epoch', from: reader.lastId } }]);
  });

  it.each([
    ['?where=%3D', 422, 'events.filter_invalid'],
    ['?since=yesterday', 422, 'events.position_invalid'],
    ['?colour=red', 422, 'events.message_invalid'],
    ['', 404, 'workspaces.not_found', 'eve'],
  ])('refuse %s with %d %s', async (query, status, code, who = 'vera') => {
    const answer = await get(query, { who });
    expect([answer.status, await answer.json()]).toEqual([status, expect.objectContaining({ code })]);
  });

  it('end for whoever has other rights now, before anything later is brought', async () => {
    const type = freshType();
    const reader = await stream(`?types=${type}`);
    const { eventLog, clock, ids } = bench.platform;
    await eventLog.append([
      {
        ...{ id: ids.mint('evt'), workspaceId: 'ws_1', type: 'workspaces.members.left', time: clock.now(), correlationId: 'req_1' },
        ...{ payload: encoder.encode('{"user":"vera"}'), actor: { kind: 'service', id: 'workspaces' }, source: { service: 'workspaces' } },
      },
    ]);
    await emit(type, ['{}']);
    expect(await reader.end()).toEqual([
      { event: 'problem', data: expect.objectContaining({ code: 'events.rights_changed', status: 401 }) },
    ]);
  });

  it('end with what their clients have in the workspace when that ends by itself', async () => {
    const reader = await stream(`?types=${freshType()}`, { who: 'uma' });
    expect(await reader.end()).toEqual([{ event: 'problem', data: expect.objectContaining({ code: 'events.rights_changed' }) }]);
  });

  it('end with what their clients came with, and are told before', async () => {
    const ends = { 'millrace-principal-ends': String(Date.now() - 31_000) };
    const reader = await stream(`?types=${freshType()}`, { headers: ends });
    expect(await reader.end()).toEqual([
      { event: 'auth.expiring', data: { expiresAt: new Date(Number(ends['millrace-principal-ends'])).toISOString() } },
      { event: 'problem', data: expect.objectContaining({ code: 'events.sign_in_over', status: 401 }) },
    ]);
    const lasting = await stream(`?types=${freshType()}`, { headers: { 'millrace-principal-ends': String(Date.now() + 59_000) } });
    expect(await lasting.first(1)).toEqual([{ event: 'auth.expiring', data: expect.anything() }]);
  });

  it('hold up nobody when a client does not read, and bring that one everything later', async () => {
    const type = freshType();
    const [late, prompt] = [await stream(`?types=${type}`), await stream(`?types=${type}`)];
    const heavy = JSON.stringify({ text: 'x'.repeat(200_000) });
    const ids: string[] = [];
    for (let count = 0; count < 60; count++) ids.push(...(await emit(type, [heavy])));
    await prompt.first(60);
    await late.first(60);
    expect(idsOf(late)).toEqual(ids);
  });

  it('ask their clients to go when the process stops', async () => {
    const own = await serviceBench(neighbours, eventsService({}));
    const { keyValue, clock } = own.platform;
    const gate = await SignedPassports.create({ service: 'gateway', keyValue, clock });
    const [entry] = await (await keyValue.bucket('instances')).list('events.');
    const { address } = JSON.parse(decoder.decode(entry?.value)) as { address: string };
    const headers = { 'millrace-principal': await gate.sign(person('vera'), 60_000) };
    const { body } = await fetch(`http://${address}/v1/workspaces/hotel/events:stream`, { headers });
    const reader = new StreamReader(body ?? new ReadableStream());
    await reader.begun();
    const stopping = own.services.find(({ name }) => name === 'events')?.stop();
    expect(await reader.end()).toEqual([{ event: 'drain', data: { within: 0 } }]);
    await stopping;
    await gate.close();
    await own[Symbol.asyncDispose]();
  });
});
