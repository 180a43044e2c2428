import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RuntimeService } from '@millrace/contracts';
import { ANONYMOUS, type Json, type JsonMap, type Principal } from '@millrace/kernel';
import type { LoggedEvent, NewEvent } from '@millrace/messaging';
import { gatheredAnswer, person, serviceBench, type GatheredAnswer, type ServiceBench } from '@millrace/testing';
import { workspacesService } from '@millrace/workspaces';
import { WorkspacesService } from '@millrace/contracts';
import { runtimeService } from '@millrace/runtime';

const { method } = RuntimeService;
const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

describe('the runtime', () => {
  let bench: ServiceBench;
  const ada = person('ada');
  const bob = person('bob');

  beforeAll(async () => {
    bench = await serviceBench(workspacesService(), runtimeService({}));
  });

  afterAll(async () => {
    await bench[Symbol.asyncDispose]();
  });

  const workspace = async (name: string, automations: Readonly<Record<string, string>>): Promise<string> => {
    const created = await bench.bus.call(WorkspacesService.method.createWorkspace, { name }, bench.as(ada));
    const workspaceId = created.workspace?.id ?? '';
    for (const [slug, text] of Object.entries(automations)) await put(workspaceId, slug, text);
    await publish(workspaceId);
    return workspaceId;
  };

  const put = (workspaceId: string, slug: string, text: string) =>
    bench.bus.call(WorkspacesService.method.putAutomation, { workspaceId, slug, source: encode(text), ifMatch: '' }, bench.as(ada));

  const publish = (workspaceId: string) => bench.bus.call(WorkspacesService.method.publishVersion, { workspaceId }, bench.as(ada));

  const call = async (workspaceId: string, path: string, body: Json = {}, caller: Principal = ANONYMOUS): Promise<GatheredAnswer> => {
    const request = {
      ...{ workspaceId, method: 'POST', path, query: 'q=1', body: encode(JSON.stringify(body)), ip: '' },
      headerLines: ['content-type', 'application/json'],
    };
    return gatheredAnswer(bench.bus.stream(method.handleEndpoint, request, bench.as(caller)));
  };

  const emit = (workspaceId: string, id: string, type: string, payload: JsonMap, more: Partial<NewEvent> = {}) => {
    const actor = { kind: 'user', id: 'ada' } as const;
    const event = { id, workspaceId, type, time: 0, payload: encode(JSON.stringify(payload)), correlationId: 'cor', actor, source: {} };
    return bench.platform.eventLog.append([{ ...event, ...more }]);
  };

  /** The first event of the workspace from its beginning on that is wanted. */
  const until = async (workspaceId: string, wanted: (event: LoggedEvent) => boolean): Promise<LoggedEvent> => {
    for await (const event of bench.platform.eventLog.read('first', `${workspaceId}.>`, { live: true })) if (wanted(event)) return event;
    throw new Error('The log ended.');
  };

  const finished = (workspaceId: string, automation: string, trigger: string): Promise<LoggedEvent> =>
    until(workspaceId, ({ type, payload, causationId }) => {
      const record = JSON.parse(decode(payload)) as { automation?: string };
      return type === 'runtime.runs.finished' && record.automation === automation && causationId === trigger;
    });

  it("answers an endpoint with its automation's output, status and headers", async () => {
    const id = await workspace('Answers', {
      plain:
        "when: { endpoint: { path: 'plain/:name', access: public } }\ndo: []\noutput: { got: '{{body.a}}', name: '{{pathParams.name}}', q: '{{query.q}}', m: '{{method}}' }\n",
      text: 'when: { endpoint: { path: text, access: public } }\ndo: [{ set: { name: $http, value: { status: 201, headers: { X-Test: yes } } } }]\noutput: hello\n',
    });
    expect(await call(id, 'plain/ada', { a: [1] })).toEqual({
      status: 200,
      headers: { 'content-type': 'application/json' },
      chunks: ['{"got":[1],"name":"ada","q":"1","m":"post"}'],
    });
    expect(await call('answers', 'text')).toMatchObject({ status: 201, headers: { 'x-test': 'yes' }, chunks: ['hello'] });
  });

  it('answers in chunks from the first one on', async () => {
    const id = await workspace('Chunks', {
      chunks:
        'when: { endpoint: { access: public } }\ndo:\n  - set: { name: $http, value: { chunk: { n: 1 } } }\n  - set: { name: $http, value: { chunk: two } }\noutput: end\n',
    });
    const answer = await call(id, 'chunks');
    expect(answer.headers['content-type']).toBe('text/event-stream');
    expect(answer.chunks).toEqual(['data: {"n":1}\n\n', 'data: two\n\n', 'data: end\n\n']);
  });

  it('runs every automation on a path, and the first by name answers', async () => {
    const id = await workspace('Several', {
      a: 'when: { endpoint: { path: both, access: public } }\ndo: [{ emit: { event: a.ran } }]\noutput: from a\n',
      b: 'when: { endpoint: { path: both, access: public } }\ndo: [{ emit: { event: b.ran } }]\noutput: from b\n',
    });
    expect((await call(id, 'both')).chunks).toEqual(['from a']);
    await until(id, ({ type }) => type === 'a.ran');
    await until(id, ({ type }) => type === 'b.ran');
  });

  it('lets in whom the endpoint lets in', async () => {
    const id = await workspace('Doors', {
      members: 'when: { endpoint: { path: members } }\ndo: []\noutput: in\n',
      known: 'when: { endpoint: { path: known, access: signed-in } }\ndo: []\noutput: in\n',
      guarded: 'when: { endpoint: { path: action, access: approve-things } }\ndo: []\noutput: in\n',
    });
    for (const path of ['members', 'known', 'action']) {
      await expect(call(id, path)).rejects.toMatchObject({ code: 'runtime.sign_in_needed', refusal: 'unauthenticated' });
      expect((await call(id, path, {}, ada)).chunks).toEqual(['in']);
    }
    expect((await call(id, 'known', {}, bob)).chunks).toEqual(['in']);
    await expect(call(id, 'members', {}, bob)).rejects.toMatchObject({ code: 'workspaces.not_found' });
    await expect(call(id, 'action', {}, bob)).rejects.toMatchObject({ code: 'workspaces.not_found' });
  });

  it('refuses what it does not serve', async () => {
    const id = await workspace('Nothing here', { quiet: 'do: []' });
    await expect(call(id, 'quiet')).rejects.toMatchObject({ code: 'runtime.endpoint_not_found' });
    await expect(call('nowhere', 'x')).rejects.toMatchObject({ code: 'runtime.nothing_published' });
    await expect(call('ws_00000000000000000000000000', 'x')).rejects.toMatchObject({ code: 'runtime.nothing_published' });
  });

  it('answers a failed run with its error and its place', async () => {
    const id = await workspace('Fails', {
      fails: "when: { endpoint: { access: public } }\ndo:\n  - repeat: { on: '{{body.n}}', do: [] }\n",
    });
    await expect(call(id, 'fails', { n: 7 })).rejects.toMatchObject({ code: 'language.type', message: expect.stringContaining('line 3') });
    await until(id, ({ type }) => type === 'error');
  });

  it('starts the automations that listen to an event, on the version that runs', async () => {
    const id = await workspace('Listens', {
      filtered:
        "when: { events: [{ event: 'orders.*', filter: '{{payload.n}} > 1' }] }\ndo: [{ emit: { event: saw.big, payload: { n: '{{payload.n}}' } } }]\n",
      chained: 'when: { events: [saw.big] }\ndo: [{ emit: { event: chain.ended } }]\n',
    });
    await emit(id, 'small', 'orders.placed', { n: 1 });
    await emit(id, 'big', 'orders.placed', { n: 2 }, { source: { session: 'ses_1' }, key: 'k', traceparent: 'tp' });
    const ended = await until(id, ({ type }) => type === 'chain.ended');
    expect(ended).toMatchObject({
      hops: 2,
      correlationId: 'cor',
      key: 'k',
      actor: { kind: 'automation', id: 'chained', onBehalfOf: 'ada' },
      traceparent: 'tp',
    });
    const events = await Array.fromAsync(bench.platform.eventLog.read('first', `${id}.saw.>`, { live: false }));
    expect(events.map(({ payload }) => JSON.parse(decode(payload)) as Json)).toEqual([{ n: 2 }]);
  });

  it('stops a chain of events that starts itself', async () => {
    const id = await workspace('Loops', { loop: 'when: { events: [loop.ran] }\ndo: [{ emit: { event: loop.ran } }]\n' });
    await emit(id, 'first', 'loop.ran', {});
    const error = await until(id, ({ type }) => type === 'error');
    expect(JSON.parse(decode(error.payload))).toMatchObject({ code: 'runtime.loop' });
    await emit(id, 'far', 'loop.ran', {}, { hops: 20 });
    await emit(id, 'near', 'loop.ran', {}, { hops: 19 });
    await finished(id, 'loop', 'near');
    const caused = await Array.fromAsync(bench.platform.eventLog.read('first', `${id}.>`, { live: false }));
    expect(caused.filter(({ causationId }) => causationId === 'far')).toEqual([]);
  });

  it('runs an automation on request, for who may', async () => {
    const id = await workspace('Requests', { double: "do: []\noutput: '{% {{n}} * 2 %}'\n" });
    const request = { workspaceId: id, slug: 'double', payload: encode('{"n":21}') };
    const result = await bench.bus.call(method.runAutomation, { ...request, idempotencyKey: 'once' }, bench.as(ada));
    expect(decode(result.output)).toBe('42');
    expect(await bench.bus.call(method.runAutomation, { ...request, idempotencyKey: 'once' }, bench.as(ada))).toMatchObject({
      runId: result.runId,
    });
    await expect(bench.bus.call(method.runAutomation, request, bench.as(bob))).rejects.toMatchObject({ code: 'workspaces.not_found' });
    await expect(bench.bus.call(method.runAutomation, { ...request, slug: 'triple' }, bench.as(ada))).rejects.toMatchObject({
      code: 'runtime.automation_not_found',
    });
    await expect(bench.bus.call(method.runAutomation, { ...request, payload: encode('[1]') }, bench.as(ada))).rejects.toMatchObject({
      code: 'runtime.payload_not_object',
    });
  });

  it('knows the session and the trace of who calls', async () => {
    const id = await workspace('Sessions', {
      say: 'when: { endpoint: { access: public } }\ndo: [{ emit: { event: said.it } }]\n',
    });
    const context = { ...bench.as({ ...ada, session: 'ses_1' }), traceparent: '00-trace' };
    const request = { workspaceId: id, method: 'POST', path: 'say', query: '', ip: '' };
    await Array.fromAsync(bench.bus.stream(method.handleEndpoint, request, context));
    expect(await until(id, ({ type }) => type === 'said.it')).toMatchObject({
      source: { session: 'ses_1' },
      key: 'ses_1',
      traceparent: '00-trace',
    });
    await bench.bus.call(method.runAutomation, { workspaceId: id, slug: 'say' }, context);
  });

  it('tests the draft, which nobody has published', async () => {
    const id = await workspace('Drafts', { old: "do: []\noutput: 'published'\n" });
    await put(id, 'fresh', "do: []\noutput: 'draft {{x}}'\n");
    const test = (slug: string, caller: Principal) =>
      bench.bus.call(method.testAutomation, { workspaceId: id, slug, payload: encode('{"x":1}') }, bench.as(caller));
    expect(decode((await test('fresh', ada)).output)).toBe('"draft 1"');
    await expect(test('fresh', bob)).rejects.toMatchObject({ code: 'workspaces.not_found' });
    const published = bench.bus.call(method.runAutomation, { workspaceId: id, slug: 'fresh' }, bench.as(ada));
    await expect(published).rejects.toMatchObject({ code: 'runtime.automation_not_found' });
  });

  it('follows a new version, a new slug and a deletion', async () => {
    const id = await workspace('Moves', { a: 'when: { endpoint: { path: a, access: public } }\ndo: []\noutput: one\n' });
    expect((await call('moves', 'a')).chunks).toEqual(['one']);
    const source = encode('when: { endpoint: { path: a, access: public } }\ndo: []\noutput: two\n');
    await bench.bus.call(WorkspacesService.method.putAutomation, { workspaceId: id, slug: 'a', source, ifMatch: '*' }, bench.as(ada));
    await publish(id);
    expect((await call('moves', 'a')).chunks).toEqual(['two']);
    await bench.bus.call(WorkspacesService.method.updateWorkspace, { workspaceId: id, slug: 'moved', ifMatch: '*' }, bench.as(ada));
    expect((await call('moved', 'a')).chunks).toEqual(['two']);
    await bench.bus.call(WorkspacesService.method.deleteWorkspace, { workspaceId: id, ifMatch: '*' }, bench.as(ada));
    await expect(call(id, 'a')).rejects.toMatchObject({ code: 'runtime.nothing_published' });
  });

  it('refuses to run what it cannot load, rather than something older', async () => {
    const id = await workspace('Unloadable', { a: 'when: { endpoint: { path: a, access: public } }\ndo: []\noutput: one\n' });
    const bucket = await bench.platform.keyValue.bucket('active');
    const record = JSON.parse(decode((await bucket.get(id))?.value ?? encode('{}'))) as JsonMap;
    await bucket.put(id, encode(JSON.stringify({ ...record, digest: 'f'.repeat(64), revision: 99 })));
    await expect(call(id, 'a')).rejects.toMatchObject({ code: 'runtime.model_unavailable', refusal: 'unavailable' });
  });
});
