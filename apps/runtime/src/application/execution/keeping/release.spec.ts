import { describe, expect, it } from '@jest/globals';
import { SystemIds } from '@millrace/service';
import { SimulatedWorld } from '@millrace/testing';
import { Workbench, WORKSPACE } from '../../testing/workbench';

const OK = { value: { status: 200, headers: {}, body: 1 } };

/** What one run does to what outlives it, in order. */
async function writesOf(text: string, start: (bench: Workbench) => Promise<unknown> = event) {
  const world = new SimulatedWorld(0, { calm: true });
  const { eventLog, keyValue, clock, alarms } = world.process();
  const bench = await Workbench.of({ eventLog, keyValue, clock, alarms, ids: new SystemIds(clock) }, { main: text });
  bench.fetcher.outcomes.set('http://x/', OK);
  const writes: string[] = [];
  bench.fetcher.onFetch = (url) => writes.push(`fetch ${url}`);
  world.onDurable((name, _n, moment) => {
    if (moment === 'after') writes.push(name);
  });
  await start(bench);
  return { bench, writes };
}

/** A run that an event starts, which will be delivered again if it is lost. */
async function event(bench: Workbench): Promise<void> {
  await bench.deliver(await bench.emit('go'));
}

const call = (bench: Workbench): Promise<unknown> => bench.call('main');
const HEARD = 'when: { events: go }\n';
const CALLED = 'when: { endpoint: { access: public } }\n';
const SET = '{ set: { name: global.n, value: 1 } }';
const EMIT = '{ emit: { event: told } }';
const FETCH = "{ fetch: { url: 'http://x/', output: r } }";
const WAIT = '{ wait: { oneOf: [{ event: never }], timeout: 1d } }';

const ofEvent = ({ writes }: { readonly writes: readonly string[] }): readonly string[] => writes.slice(1);

describe('the release rule', () => {
  it('costs a short automation one append and no checkpoint', async () => {
    expect(ofEvent(await writesOf(`${HEARD}do: [${EMIT}, ${EMIT}]\n`))).toEqual(['log.append']);
    expect((await writesOf(`${CALLED}do: [${EMIT}]\noutput: hi\n`, call)).writes).toEqual(['log.append']);
  });

  it('costs an automation that writes a context and was started by an event no checkpoint: it would be the same again', async () => {
    expect(ofEvent(await writesOf(`${HEARD}do: [${SET}, ${EMIT}]\n`))).toEqual(['kv.put contexts', 'log.append']);
  });

  it('keeps a run that nobody would start again before it writes a context', async () => {
    expect((await writesOf(`${CALLED}do: [${SET}]\n`, call)).writes).toEqual([
      ...['kv.put timers', 'kv.put runs', 'kv.put contexts', 'log.append', 'kv.put runs', 'kv.delete timers'],
    ]);
  });

  it('lets a fetch go at once when nothing has happened yet', async () => {
    expect(ofEvent(await writesOf(`${HEARD}do: [${FETCH}]\n`))).toEqual(['fetch http://x/', 'log.append']);
  });

  it('has contexts written and events told before a fetch leaves', async () => {
    expect(ofEvent(await writesOf(`${HEARD}do: [${SET}, ${EMIT}, ${FETCH}]\n`))).toEqual([
      ...['kv.put contexts', 'log.append', 'fetch http://x/', 'log.append'],
    ]);
  });

  it('keeps the answer of a fetch before the next one leaves, before a context is written and before anything is told that is not the end', async () => {
    expect(ofEvent(await writesOf(`${HEARD}do: [${FETCH}, ${FETCH}]\n`))).toEqual([
      ...['fetch http://x/', 'kv.put runs', 'fetch http://x/', 'kv.put runs', 'log.append', 'kv.put runs'],
    ]);
    expect(ofEvent(await writesOf(`${HEARD}do: [${FETCH}, ${SET}]\n`))).toEqual([
      ...['fetch http://x/', 'kv.put runs', 'kv.put contexts', 'log.append', 'kv.put runs'],
    ]);
    expect(ofEvent(await writesOf(`${HEARD}do: [${FETCH}, ${EMIT}, ${FETCH}]\n`))).toEqual([
      ...['fetch http://x/', 'kv.put runs', 'log.append', 'fetch http://x/', 'kv.put runs', 'log.append', 'kv.put runs'],
    ]);
  });

  it('needs no checkpoint for what a run that nobody else can have tells with its end: the append is all or nothing', async () => {
    expect(ofEvent(await writesOf(`${HEARD}do: [${FETCH}, ${EMIT}]\n`))).toEqual(['fetch http://x/', 'log.append']);
  });

  it('keeps a run with what it waits for before it waits, and once more when it parks, which its correlation is told', async () => {
    const { writes, bench } = await writesOf(`${HEARD}do: [${EMIT}, ${WAIT}]\n`);
    expect(writes.slice(1)).toEqual(['kv.put runs', 'log.append', 'kv.put waits', 'kv.put timers', 'kv.put runs', 'kv.put runs']);
    expect(await bench.engine.store.list(WORKSPACE)).toEqual([expect.objectContaining({ status: 'parked' })]);
  });

  it('has what was told on the log before a part of an answer is handed on', async () => {
    const chunk = '{ set: { name: $http, value: { chunk: one } } }';
    const seen: number[] = [];
    const { writes } = await writesOf(`${CALLED}do: [${EMIT}, ${SET}, ${chunk}]\n`, async (bench) => {
      const parts = bench.endpoint.run(bench.context({ kind: 'anonymous', id: 'anonymous', roles: [] }), 'ws_1', {
        ...{ method: 'POST', path: 'main', query: '', headers: {}, body: new Uint8Array(), ip: '' },
      });
      for await (const part of parts) if ('chunk' in part) seen.push((await bench.logged('told')).length);
    });
    expect(seen).toEqual([1]);
    expect(writes.slice(0, 4)).toEqual(['kv.put timers', 'kv.put runs', 'kv.put contexts', 'log.append']);
  });

  it('keeps the state before the start of a run whose number is limited', async () => {
    const limited = `${HEARD}concurrency: { limit: 1 }\ndo: [${EMIT}]\n`;
    expect(ofEvent(await writesOf(limited))).toEqual(['kv.put slots', 'kv.put runs', 'log.append', 'kv.put runs', 'kv.delete slots']);
  });
});
