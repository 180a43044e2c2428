import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RuntimeService, WorkspacesService } from '@millrace/contracts';
import { ANONYMOUS, type Json, type JsonMap, type Principal } from '@millrace/kernel';
import type { LoggedEvent } from '@millrace/messaging';
import { gatheredAnswer, person, serviceBench, type GatheredAnswer, type ServiceBench } from '@millrace/testing';
import { runtimeService } from '@millrace/runtime';
import { workspacesService } from '@millrace/workspaces';

const { method } = RuntimeService;
const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

describe('runs that wait', () => {
  let bench: ServiceBench;
  const ada = person('ada');

  beforeAll(async () => {
    bench = await serviceBench(workspacesService(), runtimeService({}));
  });

  afterAll(async () => {
    await bench[Symbol.asyncDispose]();
  });

  const workspace = async (name: string, automations: Readonly<Record<string, string>>): Promise<string> => {
    const created = await bench.bus.call(WorkspacesService.method.createWorkspace, { name }, bench.as(ada));
    const workspaceId = created.workspace?.id ?? '';
    for (const [slug, text] of Object.entries(automations)) {
      await bench.bus.call(WorkspacesService.method.putAutomation, { workspaceId, slug, source: encode(text), ifMatch: '' }, bench.as(ada));
    }
    await bench.bus.call(WorkspacesService.method.publishVersion, { workspaceId }, bench.as(ada));
    return workspaceId;
  };

  const call = (
    workspaceId: string,
    path: string,
    headers: Readonly<Record<string, string>> = {},
    caller: Principal = ANONYMOUS,
  ): Promise<GatheredAnswer> => {
    const all = Object.entries({ 'content-type': 'application/json', ...headers }).flat();
    const request = { ...{ workspaceId, method: 'POST', path, query: '', body: encode('{}'), ip: '' }, headerLines: all };
    return gatheredAnswer(bench.bus.stream(method.handleEndpoint, request, bench.as(caller)));
  };

  const result = (location: string, wait = 0, caller: Principal = ANONYMOUS): Promise<GatheredAnswer> =>
    gatheredAnswer(bench.bus.stream(method.handleResult, { token: location.split('/').at(-1) ?? '', wait }, bench.as(caller)));

  const emit = (workspaceId: string, type: string, payload: JsonMap = {}) => {
    const actor = { kind: 'user', id: 'ada' } as const;
    const id = bench.platform.ids.mint('evt');
    const event = { id, workspaceId, type, time: 0, payload: encode(JSON.stringify(payload)), correlationId: 'cor', actor, source: {} };
    return bench.platform.eventLog.append([event]);
  };

  const until = async (workspaceId: string, type: string, nth = 1): Promise<LoggedEvent> => {
    let seen = 0;
    for await (const event of bench.platform.eventLog.read('first', `${workspaceId}.${type}`, { live: true })) {
      seen += 1;
      if (seen === nth) return event;
    }
    throw new Error('The log ended.');
  };

  const payloadOf = ({ payload }: LoggedEvent): Json => JSON.parse(decode(payload)) as Json;

  it('go on with the event that answers, and end once', async () => {
    const id = await workspace('Pays', {
      pay: [
        'when: { events: ordered }',
        'do:',
        '  - emit: { event: asked, payload: { order: "{{payload.order}}" } }',
        '  - wait: { oneOf: [{ event: paid, filters: { payload.order: "{{payload.order}}" } }], timeout: 1d, output: paid }',
        '  - emit: { event: shipped, payload: { sum: "{{paid.payload.sum}}" } }',
      ].join('\n'),
    });
    await emit(id, 'ordered', { order: 7 });
    await until(id, 'asked');
    await emit(id, 'paid', { order: 6, sum: 1 });
    await emit(id, 'paid', { order: 7, sum: 2 });
    await emit(id, 'paid', { order: 7, sum: 3 });
    expect(payloadOf(await until(id, 'shipped'))).toEqual({ sum: 2 });
    expect(payloadOf(await until(id, 'runtime.runs.finished'))).toMatchObject({ automation: 'pay', outcome: 'succeeded' });
  });

  it('find the answer that came before they waited', async () => {
    const id = await workspace('Early', {
      ask: 'when: { endpoint: { path: ask, access: public } }\ndo:\n  - emit: { event: asked }\n  - sleep: { for: 1 }\n  - wait: { oneOf: [{ event: answered }], timeout: 1d, output: a }\noutput: "{{a.payload.n}}"\n',
      reply: 'when: { events: asked }\ndo:\n  - emit: { event: answered, payload: { n: 5 } }\n',
    });
    expect((await call(id, 'ask')).chunks).toEqual(['5']);
  });

  it('go on without an event when their time is over', async () => {
    const id = await workspace('Late', {
      a: 'when: { endpoint: { path: a, access: public } }\ndo:\n  - wait: { oneOf: [{ event: never }], timeout: 100ms, output: x }\noutput: "{% {{x}} == null %}"\n',
    });
    expect((await call(id, 'a')).chunks).toEqual(['true']);
  });

  it('let their callers go and keep the answer for them', async () => {
    const id = await workspace('Later', {
      a: 'when: { endpoint: { path: a, access: public, respond: accepted } }\ndo:\n  - set: { name: $http, value: { status: 201, headers: { x-a: b } } }\n  - wait: { oneOf: [{ event: go }], timeout: 1d }\noutput: { done: yes }\n',
    });
    const answer = await call(id, 'a');
    expect(answer.status).toBe(202);
    const location = answer.headers['location'] ?? '';
    expect((await result(location)).status).toBe(202);
    await emit(id, 'go');
    const got = await result(location, 20);
    expect(got).toMatchObject({ status: 201, chunks: ['{"done":"yes"}'], headers: { 'x-a': 'b' } });
    await expect(result('/v1/results/res_unknown')).rejects.toMatchObject({ code: 'runtime.result_gone' });
  });

  it('hold nobody longer than is preferred', async () => {
    const id = await workspace('Prefers', {
      a: 'when: { endpoint: { path: a, access: public } }\ndo:\n  - wait: { oneOf: [{ event: go }], timeout: 1d }\n',
    });
    expect((await call(id, 'a', { prefer: 'wait=0' })).status).toBe(202);
    expect((await call(id, 'a', { prefer: 'respond-async' })).status).toBe(202);
  });

  it('answer the same call with the same run', async () => {
    const id = await workspace('Keyed', {
      a: 'when: { endpoint: { path: a, access: public } }\ndo:\n  - set: { name: global.n, type: increment }\n  - emit: { event: counted }\noutput: "{{global.n}}"\n',
    });
    const first = await call(id, 'a', { 'idempotency-key': 'k' });
    expect(first.chunks).toEqual(['1']);
    expect((await call(id, 'a', { 'idempotency-key': 'k' })).chunks).toEqual(['1']);
    expect((await call(id, 'a')).chunks).toEqual(['2']);
  });

  it('keep contexts over runs and lose no increment', async () => {
    const id = await workspace('Counts', {
      count: 'when: { events: hit }\ndo:\n  - set: { name: global.n, type: increment }\n  - emit: { event: counted }\n',
      get: 'when: { endpoint: { path: get, access: public } }\ndo: []\noutput: "{{global.n}}"\n',
    });
    await Promise.all(Array.from({ length: 40 }, () => emit(id, 'hit')));
    let seen = 0;
    for await (const event of bench.platform.eventLog.read('first', `${id}.runtime.runs.finished`, { live: true })) {
      if ((payloadOf(event) as JsonMap)['automation'] === 'count') seen += 1;
      if (seen === 40) break;
    }
    expect((await call(id, 'get')).chunks).toEqual(['40']);
  });

  const records = async (workspaceId: string, automation: string, count: number): Promise<readonly JsonMap[]> => {
    const found: JsonMap[] = [];
    for await (const event of bench.platform.eventLog.read('first', `${workspaceId}.runtime.runs.finished`, { live: true })) {
      const record = payloadOf(event) as JsonMap;
      if (record['automation'] === automation) found.push(record);
      if (found.length === count) break;
    }
    return found;
  };

  it('begin again after an error as often as their automation says', async () => {
    const id = await workspace('Retries', {
      a: 'when: { events: go }\nretry: { attempts: 3, delay: 10ms }\ndo:\n  - set: { name: global.n, type: increment }\n  - conditions: { "{{global.n}} < 3": [{ repeat: { on: text, do: [] } }] }\n',
    });
    await emit(id, 'go');
    const [first, second, third] = await records(id, 'a', 3);
    expect([first?.['outcome'], second?.['outcome'], third?.['outcome']]).toEqual(['failed', 'failed', 'succeeded']);
    expect(second?.['replayOf']).toBe(first?.['run']);
  });

  it('start once for events that come together', async () => {
    const id = await workspace('Gathers', {
      last: 'when: { events: typed }\ndebounce: { key: "{{payload.field}}", period: 150ms }\ndo:\n  - emit: { event: saved, payload: { text: "{{payload.text}}" } }\n',
      each: 'when: { events: typed }\nbatch: { size: 3, within: 1m }\ndo:\n  - emit: { event: counted, payload: { n: "{{events.length}}" } }\n',
    });
    for (const text of ['a', 'ab', 'abc']) await emit(id, 'typed', { field: 'f', text });
    expect(payloadOf(await until(id, 'saved'))).toEqual({ text: 'abc' });
    expect(payloadOf(await until(id, 'counted'))).toEqual({ n: 3 });
    expect(await records(id, 'last', 1)).toHaveLength(1);
  });

  it('are as many at once as their automation allows', async () => {
    const id = await workspace('Limits', {
      one: 'when: { events: go }\nconcurrency: { limit: 1 }\ndo:\n  - emit: { event: began }\n  - wait: { oneOf: [{ event: next }], timeout: 1d }\n',
      skip: 'when: { events: go }\nconcurrency: { limit: 1, policy: skip }\ndo:\n  - wait: { oneOf: [{ event: next }], timeout: 1d }\n',
    });
    await emit(id, 'go');
    await until(id, 'began');
    await emit(id, 'go');
    expect(await records(id, 'skip', 1)).toMatchObject([{ outcome: 'cancelled' }]);
    await emit(id, 'next');
    expect(await records(id, 'one', 1)).toMatchObject([{ outcome: 'succeeded' }]);
    await until(id, 'began', 2);
    await emit(id, 'next');
    expect(await records(id, 'one', 2)).toHaveLength(2);
  });

  it('go beside each other when their automation asks for no order', async () => {
    const id = await workspace('Unordered', {
      slow: 'when: { events: go }\norder: none\ndo:\n  - wait: { oneOf: [{ event: next }], timeout: 1d }\n',
    });
    const actor = { kind: 'user', id: 'ada' } as const;
    for (const name of ['go', 'go', 'next']) {
      const event = {
        id: bench.platform.ids.mint('evt'),
        workspaceId: id,
        type: name,
        time: 0,
        payload: encode('{}'),
        correlationId: 'c',
        actor,
      };
      await bench.platform.eventLog.append([{ ...event, source: {}, key: 'k' }]);
    }
    expect(await records(id, 'slow', 2)).toHaveLength(2);
  });

  it('are not recorded when nobody wants to know', async () => {
    const id = await workspace('Silent', {
      none: 'when: { events: go }\nrecord: none\ndo:\n  - emit: { event: a }\n',
      fails: 'when: { events: a }\nrecord: errors\ndo: [{ repeat: { on: text, do: [] } }]\n',
    });
    await emit(id, 'go');
    const [record] = await records(id, 'fails', 1);
    expect(record).toMatchObject({ outcome: 'failed' });
    const types = await Array.fromAsync(
      bench.platform.eventLog.read('first', `${id}.>`, { live: false }),
      ({ type, source }) => `${type} ${source.automation}`,
    );
    expect(types).not.toContain('runtime.runs.finished none');
  });

  it('start when their schedule says so', async () => {
    const id = await workspace('Ticks', {
      tick: "when: { schedules: ['@every 10s'] }\ndo:\n  - emit: { event: ticked, payload: { at: '{{schedule.at}}' } }\n",
    });
    expect((payloadOf(await until(id, 'ticked')) as JsonMap)['at']).toMatch(/0\.000Z$/);
  });
});
