import { describe, expect, it } from '@jest/globals';
import type { JsonMap } from '@millrace/kernel';
import { SystemIds } from '@millrace/service';
import { SimulatedWorld, type SimulatedProcess } from '@millrace/testing';
import { MemoryBlobs } from '../testing/told';
import { ParkedRuns } from '../contexts/parked-runs';
import { Workbench, WORKSPACE } from '../testing/workbench';

const MINUTE = 60_000;

const AUTOMATIONS = {
  writes:
    'when: { events: go }\ndo: [{ set: { name: global.n, type: increment } }, { emit: { event: told, payload: { n: "{{global.n}}" } } }]\n',
  awaits:
    'when: { events: go }\ndo: [{ set: { name: global.a, value: 1, expect: null } }, { set: { name: global.b, value: 1, expect: null } }]\n',
  fetches: [
    'when: { events: go }',
    'do:',
    "  - fetch: { url: 'http://x/', output: one }",
    '  - set: { name: global.got, type: push, value: "{{one}}" }',
    "  - fetch: { url: 'http://x/', method: post, body: { of: '{{one}}' }, output: two }",
    '  - emit: { event: told, payload: { one: "{{one}}", two: "{{two}}" } }',
  ].join('\n'),
  once: [
    'when: { events: go }',
    'do:',
    '  - try:',
    "      do: [{ fetch: { url: 'http://x/', method: post, retry: { lost: fail }, output: one } }, { emit: { event: told, payload: { one: '{{one}}' } } }]",
    "      catch: [{ emit: { event: told, payload: { error: '{{$error.code}}' } } }]",
  ].join('\n'),
  limited:
    'when: { events: go }\nconcurrency: { limit: 1 }\ndo: [{ set: { name: global.m, type: increment } }, { emit: { event: limited } }]\n',
  beside: 'when: { events: go }\norder: none\ndo: [{ set: { name: global.k, type: increment } }]\n',
  waits: [
    'when: { events: go }',
    'do:',
    '  - emit: { event: asked }',
    '  - wait: { oneOf: [{ event: answered }], timeout: 1d, output: a }',
    '  - set: { name: global.sum, type: increment, value: "{{a.payload.n}}" }',
    '  - sleep: { for: 5s }',
    '  - wait: { oneOf: [{ event: answered }], timeout: 20s, output: again }',
    '  - emit: { event: over, payload: { n: "{{a.payload.n}}", again: "{{again}}" } }',
  ].join('\n'),
} as const;

interface Crash {
  /** Which of its durable writes, or the first fetch. */
  readonly at: number | 'fetch';
  readonly moment?: 'before' | 'after';
}

/** One process after another runs what an event starts; the first crashes. Answers what came of it, and how many durable writes there were. */
async function history(slug: keyof typeof AUTOMATIONS, crash?: Crash) {
  const world = new SimulatedWorld(0, { calm: true, faults: { redelivery: 1_000 } });
  const blobs = new MemoryBlobs();
  let fetched = 0;
  const process = async (of: SimulatedProcess): Promise<Workbench> => {
    const { eventLog, keyValue, clock, alarms } = of;
    const bench = await Workbench.of(
      { eventLog, keyValue, clock, alarms, ids: new SystemIds(clock) },
      { [slug]: AUTOMATIONS[slug] },
      { blobs },
    );
    bench.fetcher.onFetch = (url) => {
      bench.fetcher.outcomes.set(url, { value: { status: 200, headers: {}, body: ++fetched } });
      if (crash?.at === 'fetch') of.crash();
    };
    return bench;
  };
  const seen = world.process('people');
  const people = await process(seen);
  const doomed = world.process('doomed');
  let writes = 0;
  world.onDurable((_name, _n, moment, by) => {
    if (by !== doomed) return;
    if (moment === 'before') writes += 1;
    if (crash?.at === writes && crash.moment === moment) doomed.crash();
  });
  void (await process(doomed)).follow();
  await world.runFor(0);
  await people.emit('go', {}, { key: 'k' });
  await world.runFor(MINUTE);
  if (crash !== undefined) {
    void (await process(world.process('heir'))).follow();
    await world.runFor(MINUTE);
  }
  await people.emit('answered', { n: 7 });
  await world.runFor(2 * MINUTE);
  const told = (await people.told()).filter(([type]) => !['runtime.runs.finished', 'go', 'answered'].includes(type));
  const records = (await people.records()).map(({ outcome, automation }) => ({ outcome, automation }));
  const marks = (await (await seen.keyValue.bucket('runs')).list(ParkedRuns.all(WORKSPACE))).map(({ key }) => key);
  return {
    writes,
    left: [...(await people.engine.store.list(WORKSPACE)), ...marks],
    came: { told, records, contexts: await people.global() },
    fetched,
  };
}

const REPEATED = Object.keys(AUTOMATIONS).filter((slug) => slug !== 'once') as (keyof typeof AUTOMATIONS)[];

describe.each(REPEATED)('the run of %s', (slug) => {
  it('comes to the same wherever its process crashed', async () => {
    const whole = await history(slug);
    expect(whole.came.records).toEqual([{ automation: slug, outcome: 'succeeded' }]);
    expect(whole.left).toEqual([]);
    for (let at = 1; at <= whole.writes; at++) {
      for (const moment of ['before', 'after'] as const) {
        const crashed = await history(slug, { at, moment });
        const where = { slug, at, moment };
        expect({ where, left: crashed.left }).toEqual({ where, left: [] });
        if (crashed.fetched === whole.fetched) expect({ where, ...crashed.came }).toEqual({ where, ...whole.came });
        expect(crashed.fetched - whole.fetched).toBeLessThanOrEqual(1);
      }
    }
  });
});

describe('a run whose fetch is not to be made twice', () => {
  it('does not make it again wherever its process crashed, and says so when nobody knows what came of it', async () => {
    const { writes, came } = await history('once');
    expect(came.told).toEqual([['told', { one: 1 }]]);
    const ends = new Set<string>();
    for (let at = 1; at <= writes; at++) {
      for (const moment of ['before', 'after'] as const) {
        const crashed = await history('once', { at, moment });
        expect({ at, moment, fetched: crashed.fetched <= 1, left: crashed.left }).toEqual({ at, moment, fetched: true, left: [] });
        ends.add(JSON.stringify(crashed.came.told));
      }
    }
    const unknown = { error: 'runtime.outcome_unknown' };
    expect([...ends].sort()).toEqual([JSON.stringify([['told', unknown]]), JSON.stringify([['told', { one: 1 }]])]);
  });

  it('knows nothing of it when its process is gone before the answer', async () => {
    const { came, fetched } = await history('once', { at: 'fetch' });
    expect([came.told, fetched]).toEqual([[['told', { error: 'runtime.outcome_unknown' }]], 1]);
  });
});

describe('a run whose fetch answers otherwise when it is repeated', () => {
  it('holds together: what it wrote, sent and told is of one and the same answer', async () => {
    const { writes } = await history('fetches');
    for (let at = 1; at <= writes; at++) {
      const { came } = await history('fetches', { at, moment: 'before' });
      const told = came.told.filter(([type]) => type === 'told').map(([, payload]) => payload as JsonMap);
      expect({ at, got: came.contexts['got'] }).toEqual({ at, got: told.map(({ one }) => one) });
      expect(told).toHaveLength(1);
    }
  });
});
