import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Permission, type Rule } from '@millrace/auth';
import { HistoryService } from '@millrace/contracts';
import type { NewEvent } from '@millrace/messaging';
import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import fc from 'fast-check';
import { RuledBench, VERA } from '../testing/ruled-bench';
import { viewOf } from './application/reading/event-view';
import { OWN_EVENTS } from './application/reading/readable';

const { aggregateEvents, getUsage } = HistoryService.method;
const encoder = new TextEncoder();
const decoder = new TextDecoder();
// Ahead of every clock, so that nothing of it is ever too old to be kept.
const START = Date.parse('2099-03-28T22:30:00Z');
const HOUR = 3_600_000;
const EVENTS = 60;
const ALL: readonly Rule[] = [{ allow: ['manage'], on: ['events'] }];

let bench: RuledBench;
let said: readonly NewEvent[];

function payloadAt(index: number) {
  return { room: index % 9, total: index, site: ['spa', 'hall'][index % 2] ?? '', tags: index % 3 === 0 ? ['a', 'b'] : [] };
}

function drawn(index: number, workspaceId: string): NewEvent {
  const pick = <T>(...choices: readonly T[]): T => choices[(index * 7 + choices.length) % choices.length] as T;
  return {
    ...{
      id: `${workspaceId}-${index}`,
      workspaceId,
      type: pick('guests.arrived', 'guests.left', 'rooms.cleaned'),
      time: START + index * HOUR,
    },
    payload: encoder.encode(JSON.stringify(payloadAt(index))),
    ...{ correlationId: `c${index % 5}`, actor: { kind: 'user', id: pick('vera', 'ada', 'bob') } },
    source: { app: pick('crm', 'desk'), session: `s${index % 4}` },
  };
}

function ran(index: number, trigger: string): NewEvent {
  const payload = encoder.encode(JSON.stringify({ trigger: { type: trigger } }));
  return { ...drawn(index, 'ws_2'), id: `run-${index}`, type: 'runtime.runs.finished', payload, actor: { kind: 'automation', id: 'a' } };
}

beforeAll(async () => {
  bench = await RuledBench.start();
  said = Array.from({ length: EVENTS }, (_, index) => drawn(index, 'ws_1'));
  await bench.said([...said, drawn(0, 'ws_2'), drawn(1, 'ws_2'), ran(2, 'endpoint'), ran(3, 'event')]);
});

afterAll(async () => {
  await bench[Symbol.asyncDispose]();
});

async function counted(request: object = {}) {
  const { count, rows } = await bench.bus.call(aggregateEvents, { workspaceId: 'hotel', ...request }, bench.context);
  const read = rows.map(({ group, count: each, measures }) => ({
    group: JSON.parse(decoder.decode(group)) as unknown[],
    count: each,
    measures: measures.map(({ value, percentiles }) => value ?? percentiles.map((one) => one.value)),
  }));
  return { count, rows: read };
}

describe('counting events', () => {
  it('groups by fields and spans, one in another, and measures each group', async () => {
    await bench.rule(ALL);
    const { count, rows } = await counted({
      types: ['guests.>'],
      group: [{ by: 'payload.site' }, { every: 'P1D', zone: 'Europe/Zurich' }],
      measure: [
        { op: 'sum', of: 'payload.total' },
        { op: 'distinct', of: 'actor.id' },
        { op: 'percentiles', of: 'payload.room' },
      ],
    });
    const guests = said.map((event, index) => ({ event, ...payloadAt(index) })).filter(({ event }) => event.type.startsWith('guests.'));
    expect(count).toBe(guests.length);
    const ofFirstDay = guests.filter(({ event }) => event.time < Date.parse('2099-03-28T23:00:00Z'));
    const ofSecondDay = guests.filter(
      ({ event }) => event.time >= Date.parse('2099-03-28T23:00:00Z') && event.time < Date.parse('2099-03-29T22:00:00Z'),
    );
    expect(rows.reduce((sum, row) => sum + row.count, 0)).toBe(guests.length);
    expect(rows.filter(({ group }) => group[1] === '2099-03-27T23:00:00.000Z').reduce((sum, row) => sum + row.count, 0)).toBe(
      ofFirstDay.length,
    );
    for (const site of ['spa', 'hall']) {
      const row = rows.find(({ group }) => group[0] === site && group[1] === '2099-03-28T23:00:00.000Z');
      const here = ofSecondDay.filter((each) => each.site === site);
      expect(row?.count).toBe(here.length);
      expect(row?.measures.slice(0, 2)).toEqual([
        here.reduce((sum, { total }) => sum + total, 0),
        new Set(here.map(({ event }) => event.actor.id)).size,
      ]);
    }
  });

  it('counts an event in a group for each item of a list, also inside other groups', async () => {
    await bench.rule(ALL);
    const { count, rows } = await counted({ group: [{ by: 'payload.tags' }, { by: 'payload.tags' }] });
    expect(count).toBe(EVENTS);
    expect(rows.map(({ group, count: each }) => [...group, each])).toEqual([
      ['a', 'a', 20],
      ['a', 'b', 20],
      ['b', 'a', 20],
      ['b', 'b', 20],
    ]);
  });

  it('answers one row when there are no groups', async () => {
    await bench.rule(ALL);
    const { rows } = await counted({
      measure: [
        { op: 'max', of: 'payload.total' },
        { op: 'avg', of: 'payload.site' },
      ],
    });
    expect(rows).toEqual([{ group: [], count: EVENTS, measures: [EVENTS - 1, []] }]);
  });

  it('tells in no total, group or measure of what may not be read', async () => {
    const where = fc.constantFrom(
      "type = 'guests.*'",
      'actor.id = ${user.id}',
      'payload.room < 4',
      "source.app = 'crm'",
      "payload.tags = 'a'",
    );
    const rule: fc.Arbitrary<Rule> = fc
      .tuple(fc.constantFrom('read', 'aggregate', 'manage'), fc.boolean(), where)
      .map(([action, allows, condition]) => ({ ...(allows ? { allow: [action] } : { deny: [action] }), on: ['events'], where: condition }));
    await fc.assert(
      fc.asyncProperty(fc.array(rule, { maxLength: 3 }), async (rules) => {
        await bench.rule([{ allow: ['aggregate'], on: ['events'] }, ...rules]);
        const standing = { principal: VERA, workspaceId: 'ws_1', now: 0, rules: [{ allow: ['aggregate'], on: ['events'] }, ...rules] };
        const mayCount = Permission.of(standing, 'aggregate', 'events');
        const mayRead = Permission.of({ ...standing, rules: [...standing.rules, ...OWN_EVENTS] }, 'read', 'events');
        const permitted = said.filter((event) => mayCount.allows(viewOf(event)) && mayRead.allows(viewOf(event)));
        const { count, rows } = await counted({ group: [{ by: 'type' }], measure: [{ op: 'distinct', of: 'payload.total' }] });
        expect(count).toBe(permitted.length);
        expect(new Map(rows.map(({ group, count: each }) => [group[0], each]))).toEqual(
          new Map(
            Array.from(
              Map.groupBy(permitted, ({ type }) => type),
              ([type, events]) => [type, events.length],
            ),
          ),
        );
        expect(rows.map(({ count: each, measures }) => [each, measures[0]])).toEqual(rows.map(({ count: each }) => [each, each]));
      }),
      { numRuns: 30 },
    );
  }, 60_000);

  it('goes by nothing that is hidden', async () => {
    await bench.rule([...ALL, { deny: ['read'], on: ['events'], fields: ['payload.total'], where: "type = 'guests.left'" }]);
    const refused = { code: 'events.field_hidden', refusal: 'forbidden' };
    await expect(counted({ group: [{ by: 'payload.total' }] })).rejects.toMatchObject({ ...refused, errors: [{ pointer: '/group/0/by' }] });
    await expect(counted({ measure: [{ op: 'sum', of: 'payload.total' }] })).rejects.toMatchObject(refused);
    await expect(counted({ where: 'payload.total > 3' })).rejects.toMatchObject(refused);
  });

  it('is for those who may', async () => {
    await bench.rule([{ allow: ['read'], on: ['events'] }]);
    await expect(counted()).rejects.toMatchObject({ code: 'events.aggregate_denied' });
  });

  it('refuses what has too many rows, and what is no field, level or zone', async () => {
    await bench.rule(ALL);
    const every = { by: 'payload.total', limit: 100 };
    await expect(counted({ group: [every, { by: 'payload.site' }, { every: 'PT1M' }] })).resolves.toMatchObject({ count: EVENTS });
    const many = Array.from({ length: 2_001 }, (_, index) => ({ ...drawn(index, 'ws_3'), id: `many-${index}` }));
    await bench.said(many.map((event) => ({ ...event, workspaceId: 'ws_2', type: 'many.came', time: event.time + 1_000 * HOUR })));
    await expect(counted({ workspaceId: 'other', types: ['many.>'], group: [{ every: 'PT1H' }] })).rejects.toMatchObject({
      code: 'events.too_costly',
    });
    await expect(counted({ group: [{ by: 'payload.total or type' }] })).rejects.toMatchObject({ code: 'events.filter_invalid' });
    await expect(counted({ group: [{ by: "type = 'a' and type" }] })).rejects.toMatchObject({ code: 'events.filter_invalid' });
    await expect(counted({ group: [{ by: 'type', every: 'P1D' }] })).rejects.toMatchObject({ code: 'events.group_invalid' });
    await expect(counted({ group: [{ every: 'P1D', zone: 'Mars' }] })).rejects.toMatchObject({ code: 'events.zone_unknown' });
  });
});

describe('the usage of a workspace', () => {
  it('says by period what happened, what ran, and how many people there were', async () => {
    await bench.rule(ALL);
    const usage = async (request: object) =>
      (await bench.bus.call(getUsage, { workspaceId: 'other', from: timestampFromMs(START), ...request }, bench.context)).items;
    const [hour, ...others] = await usage({ to: timestampFromMs(START + 4 * HOUR), every: 'P1M' });
    expect(others).toEqual([]);
    expect(hour).toMatchObject({ runs: 2, calls: 1, sessions: 4, users: 2, events: expect.any(Number) });
    expect(timestampMs(hour?.from ?? timestampFromMs(0))).toBe(Date.parse('2099-03-01T00:00:00Z'));
    const hours = await usage({ to: timestampFromMs(START + 4 * HOUR), every: 'PT1H' });
    expect(
      hours.map(({ from, events, runs, calls, sessions, users }) => [from && timestampMs(from), events, runs, calls, sessions, users]),
    ).toEqual(
      [0, 1, 2, 3].map((hour) => {
        const ranThen = hour > 1;
        const begun = START - HOUR / 2 + hour * HOUR;
        return [begun, 1, ranThen ? 1 : 0, hour === 2 ? 1 : 0, 1, ranThen ? 0 : 1];
      }),
    );
    const ofCrm = await usage({ to: timestampFromMs(START + 4 * HOUR), every: 'P1M', app: 'crm' });
    expect(ofCrm[0]?.runs).toBe([ran(2, ''), ran(3, '')].filter(({ source }) => source.app === 'crm').length);
  });
});
