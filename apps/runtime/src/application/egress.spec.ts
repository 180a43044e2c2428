import { beforeEach, describe, expect, it } from '@jest/globals';
import { DomainError } from '@millrace/kernel';
import type { Bucket } from '@millrace/messaging';
import { SystemIds } from '@millrace/service';
import { memoryPorts } from '@millrace/testing';
import type { FetchOutcome } from './ports/fetcher';
import { payloadOf, Workbench, WORKSPACE } from './testing/workbench';

const URL = 'https://a.test/';
const REFUSED: FetchOutcome = {
  error: { code: 'runtime.egress_refused', message: 'No.', details: { setting: 'egress', host: 'b.test' } },
};
const ASK = `{ fetch: { url: '${URL}', onError: continue } }`;

describe('the hosts that a workspace reaches', () => {
  let bench: Workbench;
  let bucket: Bucket;
  let advance: ReturnType<typeof memoryPorts>['advance'];

  beforeEach(async () => {
    const ports = memoryPorts();
    const open = ports.keyValue.bucket.bind(ports.keyValue);
    ports.keyValue.bucket = async (name) => {
      const opened = await open(name);
      if (name === 'egress') bucket = opened;
      return opened;
    };
    bench = await Workbench.of(
      { ...ports, ids: new SystemIds(ports.clock) },
      { main: `do: [${ASK}]\n`, twice: `do: [${ASK}, { sleep: { for: 1s } }, ${ASK}]\n` },
    );
    advance = ports.advance;
  });

  const tell = (hosts: readonly string[]) =>
    bucket.put(WORKSPACE, Buffer.from(JSON.stringify({ workspaceId: WORKSPACE, hosts, revision: 1 })));
  const run = async (slug = 'main') => (await bench.begin(slug)).rest;
  const asked = () => bench.fetcher.asked.map(({ options }) => options.egress);

  it('bound each fetch, as soon as it names any', async () => {
    await run();
    await tell(['a.test']);
    await run();
    await tell([]);
    await run();
    expect(asked()).toEqual([undefined, ['a.test'], undefined]);
  });

  it('bound a run that goes on as they are now', async () => {
    await tell(['a.test', 'b.test']);
    const begun = await bench.begin('twice');
    expect(await begun.rest).toEqual({ kind: 'parked' });
    await tell(['a.test']);
    await advance(1_000);
    await bench.engine.runs.onTimer(begun.run);
    expect(asked()).toEqual([['a.test', 'b.test'], ['a.test']]);
  });

  it('are not passed over where nobody can tell which they are', async () => {
    bucket.get = () => Promise.reject(new DomainError('kv.unavailable', 'unavailable', 'The bucket is away.'));
    await expect(run()).rejects.toMatchObject({ code: 'kv.unavailable' });
    expect(bench.fetcher.asked).toEqual([]);
  });

  it('are told of when a fetch was kept from another, with whose it was; once, however often its run is taken on', async () => {
    bench.publish(
      'd',
      { main: 'do: [{ crm.ask: {} }]\n' },
      { crm: { app: 'mail', automations: [{ file: 'automations/ask.yaml', text: `do: [${ASK}]\n` }] } },
    );
    bench.fetcher.outcomes.set(URL, REFUSED);
    const { rest, run: begun } = await bench.begin('main');
    await rest;
    await (
      await bench.begin('main', { id: begun.id })
    ).rest;
    const told = await bench.logged('runtime.egress.refused');
    expect(told.map(payloadOf)).toEqual([{ instance: 'crm', app: 'mail', automation: 'crm.ask', host: 'b.test' }]);
    expect(told).toMatchObject([
      { source: { run: begun.id, automation: 'main', step: expect.any(String) }, actor: { kind: 'automation' } },
    ]);
    expect(await bench.logged('runtime.fetch.failed')).toEqual([]);
  });

  it('are not told of again when what came of a fetch is that of an earlier run', async () => {
    bench.fetcher.outcomes.set(URL, { error: { code: 'runtime.egress_refused', message: 'No.' } });
    await run();
    expect(await bench.logged('runtime.egress.refused')).toEqual([]);
  });

  it('are told of without an app where it is the workspace that calls', async () => {
    bench.fetcher.outcomes.set(URL, REFUSED);
    await run();
    expect((await bench.logged('runtime.egress.refused')).map(payloadOf)).toEqual([
      { instance: '', app: '', automation: 'main', host: 'b.test' },
    ]);
  });
});
