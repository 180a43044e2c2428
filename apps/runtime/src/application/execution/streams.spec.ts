import { describe, expect, it } from '@jest/globals';
import type { Json } from '@millrace/kernel';
import { SystemIds } from '@millrace/service';
import { SimulatedWorld } from '@millrace/testing';
import { Workbench } from '../testing/workbench';

const READ = "do:\n  - fetch: { url: 'http://x/', output: answer }\n";
const PUBLISH = "do: [{ fetch: { url: 'http://x/', stream: { event: part } } }]\n";

/** A bench on which a fetch is answered with a stream of these items, and what its runs do to what outlives them. */
async function bench(text: string, items: readonly Json[], onWrite: (name: string) => unknown = () => undefined) {
  const world = new SimulatedWorld(0, { calm: true });
  const { eventLog, keyValue, clock, alarms } = world.process();
  const runtime = await Workbench.of({ eventLog, keyValue, clock, alarms, ids: new SystemIds(clock) }, { main: text });
  runtime.fetcher.outcomes.set('http://x/', { value: { status: 200, headers: {}, stream: 's' } });
  runtime.fetcher.streams.set('s', [...items]);
  world.onDurable((name, _n, moment) => {
    if (moment === 'after') onWrite(name);
  });
  return runtime;
}

describe('a stream that a run reads', () => {
  const loop = `${READ}  - repeat: { on: '{{answer.body}}', do: [{ set: { name: 'all[]', value: '{{item}}' } }] }\noutput: '{{all}}'\n`;

  it('gives its items one after the other, and is closed when the run has ended', async () => {
    const runtime = await bench(loop, ['a', 'b']);
    const { rest, run } = await runtime.begin('main');
    expect(await rest).toMatchObject({ ended: { output: ['a', 'b'] } });
    expect(runtime.fetcher.closed).toEqual([run.id]);
  });

  it('costs no checkpoint for what nothing depends on outside', async () => {
    const writes: string[] = [];
    const runtime = await bench(loop, ['a', 'b'], (name) => writes.push(name));
    await (
      await runtime.begin('main')
    ).rest;
    expect(writes).toEqual(['log.append']);
  });

  it('is lost to a run that has no stream of that name', async () => {
    const runtime = await bench(loop, []);
    runtime.fetcher.streams.clear();
    expect(await (await runtime.begin('main')).rest).toMatchObject({ ended: { error: { code: 'runtime.stream_lost' } } });
  });

  it('is told part by part, each before the next is asked for', async () => {
    const runtime = await bench(PUBLISH, ['a', 'b', 'c']);
    const told: number[] = [];
    runtime.fetcher.onNext = async () => told.push((await runtime.logged('part')).length);
    await (
      await runtime.begin('main')
    ).rest;
    expect(told).toEqual([0, 1, 2, 3]);
  });
});
