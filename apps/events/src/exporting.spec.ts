import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventsService, HistoryService } from '@millrace/contracts';
import type { JsonMap } from '@millrace/kernel';
import type { NewEvent } from '@millrace/messaging';
import { RuledBench } from '../testing/ruled-bench';

const { exportEvents } = HistoryService.method;
const { searchEvents } = EventsService.method;
const encoder = new TextEncoder();
const EVENTS = 450;

let bench: RuledBench;

function said(index: number): NewEvent {
  return {
    ...{ id: `e${index}`, workspaceId: 'ws_1', type: index % 2 === 0 ? 'guests.came' : 'guests.left', time: 1_800_000_000_000 + index },
    ...{ correlationId: 'c', actor: { kind: 'user', id: index % 3 === 0 ? 'vera' : 'ada' }, source: { ip: '203.0.113.7' } },
    payload: encoder.encode(`{\n "n": ${index},\r\n "text": "two\\nlines" }`),
  };
}

beforeAll(async () => {
  bench = await RuledBench.start();
  await bench.said(Array.from({ length: EVENTS }, (_, index) => said(index)));
});

afterAll(async () => {
  await bench[Symbol.asyncDispose]();
});

async function exported(request: object = {}) {
  const portions = await Array.fromAsync(bench.bus.stream(exportEvents, { workspaceId: 'hotel', ...request }, bench.context));
  const text = new TextDecoder().decode(Buffer.concat(portions.map(({ lines }) => lines)));
  const events = text.split('\n').filter((line) => line !== '');
  return { portions, events: events.map((line) => JSON.parse(line) as JsonMap) };
}

/** What the log is told of exports, the last one. */
async function lastTold(): Promise<JsonMap> {
  const { eventLog } = bench.parts.platform;
  const told = await Array.fromAsync(eventLog.read('first', 'ws_1.events.exports.finished', { live: false }));
  return JSON.parse(new TextDecoder().decode(told.at(-1)?.payload)) as JsonMap;
}

describe('an export of events', () => {
  it('holds each event that fits once, oldest first, one a line', async () => {
    await bench.rule([{ allow: ['manage'], on: ['events'] }]);
    const { events, portions } = await exported({ types: ['guests.>'] });
    expect(events.map(({ id }) => id)).toEqual(Array.from({ length: EVENTS }, (_, index) => `e${index}`));
    expect(events[7]).toMatchObject({ type: 'guests.left', workspaceId: 'ws_1', payload: { n: 7, text: 'two\nlines' } });
    expect(portions.map(({ complete }) => complete)).toEqual([...portions.slice(1).map(() => false), true]);
  });

  it('goes on behind any of its cursors, also with what came later', async () => {
    await bench.rule([{ allow: ['manage'], on: ['events'] }]);
    const { portions } = await exported({ types: ['guests.came'] });
    await bench.said([{ ...said(EVENTS), id: 'late' }]);
    const { events, portions: rest } = await exported({ types: ['guests.came'], cursor: portions.at(-1)?.nextCursor });
    expect(events.map(({ id }) => id)).toEqual(['late']);
    const none = await exported({ types: ['guests.came'], cursor: rest.at(-1)?.nextCursor });
    expect(none.portions).toMatchObject([{ complete: true, nextCursor: rest.at(-1)?.nextCursor }]);
  });

  it('holds what the caller may read and export, and of that what they may see', async () => {
    await bench.rule([
      { allow: ['read'], on: ['events'] },
      { deny: ['read'], on: ['events'], fields: ['payload.text'] },
      { allow: ['export'], on: ['events'], where: "type = 'guests.left'" },
    ]);
    const { events } = await exported({ types: ['guests.>'] });
    expect(events.length).toBe(EVENTS / 2);
    expect(JSON.stringify(events)).not.toMatch(/guests\.came|two|203\.0/);
    await expect(exported({ where: "payload.text = 'x'" })).rejects.toMatchObject({ code: 'events.field_hidden' });
  });

  it('is for those who may, and is told to the log with what went out', async () => {
    await bench.rule([{ allow: ['manage'], on: ['events'] }]);
    await exported({ types: ['guests.left'] });
    expect(await lastTold()).toEqual({ rows: EVENTS / 2 });
    for await (const _ of bench.bus.stream(exportEvents, { workspaceId: 'hotel', types: ['none'] }, bench.context)) break;
    await bench.rule([{ allow: ['read'], on: ['events'] }]);
    await expect(exported()).rejects.toMatchObject({ code: 'events.export_denied' });
  });
});

describe('a search that counts', () => {
  it('says how many there are in all, words and filter counted in, when it is asked to', async () => {
    await bench.rule([{ allow: ['manage'], on: ['events'] }]);
    const ask = (request: object) => bench.bus.call(searchEvents, { workspaceId: 'hotel', limit: 5, ...request }, bench.context);
    expect(await ask({ types: ['guests.left'], count: true })).toMatchObject({ count: EVENTS / 2, countIsLeast: false });
    expect(await ask({ where: 'payload.n < 10', text: 'lines', count: true })).toMatchObject({ count: 10 });
    expect((await ask({})).count).toBeUndefined();
  });
});
