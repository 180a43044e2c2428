import { EventsService, JobsService, RuntimeService, WorkspacesService } from '@millrace/contracts';
import { DomainError } from '@millrace/kernel';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CallContext } from '@millrace/messaging';
import { CarelessService } from '../../../../testing/every-kind';
import { ANNAS_TOKEN, EXPIRED_TOKEN, openStage, type Stage } from '../../../../testing/stage';
import { callRoutes } from './call-route';

const { method } = WorkspacesService;
const WORKSPACE = { id: 'ws_1', slug: 'hotel', name: 'Hôtel', etag: '7', createdAt: { seconds: 1_700_000_000n, nanos: 5_000_000 } };

describe('a call over HTTP', () => {
  let stage: Stage;
  const seen: unknown[] = [];
  let role = '';
  const contexts: CallContext[] = [];

  beforeAll(async () => {
    stage = await openStage({
      origins: ['https://console.test'],
      handlers: [
        [
          method.getWorkspace,
          async (request: unknown, context: CallContext) => {
            seen.push(request);
            contexts.push(context);
            return { workspace: { ...WORKSPACE, role } };
          },
        ],
        [method.createWorkspace, async (request: unknown) => (seen.push(request), { workspace: WORKSPACE })],
        [method.listWorkspaces, async () => ({ items: [] })],
        [method.deleteWorkspace, async (request: unknown) => (seen.push(request), {})],
        [method.updateWorkspace, async (request: unknown) => (seen.push(request), { workspace: WORKSPACE })],
        [method.putAutomation, async (request: unknown) => (seen.push(request), { automation: { slug: 'a/b', source: 'x: 1' } })],
        [
          RuntimeService.method.runAutomation,
          async (request: { slug: string }, context: CallContext) => {
            seen.push(request);
            contexts.push(context);
            return request.slug === 'slow'
              ? { runId: 'run_1', result: '/v1/results/res_1' }
              : { runId: 'run_1', output: Buffer.from('{"n":1.0}') };
          },
        ],
        [
          JobsService.method.getJob,
          async ({ jobId: id }: { jobId: string }) => ({
            job: { id, state: id === 'done' ? 'done' : 'running' },
            elsewhere: id === 'done' ? '/v1/workspaces/ws_1' : '',
          }),
        ],
        [
          EventsService.method.listEvents,
          async () => {
            throw new TypeError('a secret of ours');
          },
        ],
        [
          EventsService.method.getEvent,
          async () => {
            throw new DomainError('events.not_found', 'not-found', 'There is no such event.', { facts: { id: 'e1' } });
          },
        ],
      ],
    });
  });

  afterAll(async () => {
    await stage[Symbol.asyncDispose]();
  });

  const problem = async (answer: Promise<Response>): Promise<{ code: string; status: number; errors?: { pointer: string }[] }> => {
    const response = await answer;
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    const body = (await response.json()) as { code: string; status: number };
    expect(body.status).toBe(response.status);
    return body;
  };

  it('passes path, body and headers on and answers as the method declares', async () => {
    const answer = await stage.call('POST', '/v1/workspaces', { name: 'Hôtel' });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('location')).toBe('/v1/workspaces/ws_1');
    expect(answer.headers.get('etag')).toBe('"7"');
    expect(answer.headers.get('content-type')).toContain('application/json');
    expect(await answer.json()).toEqual({
      ...{ id: 'ws_1', slug: 'hotel', name: 'Hôtel', createdAt: '2023-11-14T22:13:20.005Z', etag: '7' },
      ...{ names: {}, descriptions: {}, labels: [], freezes: [] },
    });
    expect(seen.at(-1)).toMatchObject({ name: 'Hôtel', slug: '' });
  });

  it('answers 204 where there is nothing to show', async () => {
    const answer = await stage.call('DELETE', '/v1/workspaces/hotel', undefined, { 'if-match': '"7"' });
    expect([answer.status, await answer.text()]).toEqual([204, '']);
    expect(seen.at(-1)).toMatchObject({ workspaceId: 'hotel', ifMatch: '7' });
  });

  it('takes an automation as YAML, under a slug with folders', async () => {
    const answer = await stage.call('PUT', '/v1/workspaces/hotel/automations/a%2Fb', 'when: []\n', { 'content-type': 'application/yaml' });
    expect(answer.status).toBe(200);
    expect(seen.at(-1)).toMatchObject({ slug: 'a/b', source: Buffer.from('when: []\n') });
  });

  it('carries JSON documents as they are written, both ways', async () => {
    const answer = await stage.call('POST', '/v1/workspaces/hotel/automations/hello:run', '{"payload":{"total": 1.0}}');
    expect(await answer.text()).toBe('{"runId":"run_1","output":{"n":1.0}}');
    expect(seen.at(-1)).toMatchObject({ slug: 'hello', payload: Buffer.from('{"total": 1.0}') });
  });

  it('answers 304 to who holds the revision, and HEAD without a body', async () => {
    const held = (await stage.call('GET', '/v1/workspaces/hotel')).headers.get('etag') ?? '';
    for (const tag of [held, `W/${held}`, `"1", ${held}`, '*']) {
      const answer = await stage.call('GET', '/v1/workspaces/hotel', undefined, { 'if-none-match': tag });
      expect([answer.status, await answer.text(), answer.headers.get('etag')]).toEqual([304, '', held]);
    }
    expect((await stage.call('GET', '/v1/workspaces/hotel', undefined, { 'if-none-match': '"8"' })).status).toBe(200);
    const head = await stage.call('HEAD', '/v1/workspaces/hotel');
    expect([head.status, await head.text(), head.headers.get('etag')]).toEqual([200, '', held]);
  });

  it('tags what shows more than its document by what it shows, and takes the tag for the revision in it', async () => {
    const held = (await stage.call('GET', '/v1/workspaces/hotel')).headers.get('etag') ?? '';
    expect(held).toMatch(/^"7\.[0-9a-f]{16}"$/);
    role = 'viewer';
    const other = await stage.call('GET', '/v1/workspaces/hotel', undefined, { 'if-none-match': held });
    role = '';
    expect([other.status, other.headers.get('etag') === held]).toEqual([200, false]);
    await stage.call('DELETE', '/v1/workspaces/hotel', undefined, { 'if-match': held });
    expect(seen.at(-1)).toMatchObject({ ifMatch: '7' });
  });

  it('says where a job has led when it is done, and shows the job either way', async () => {
    const ask = (id: string) => stage.call('GET', `/v1/jobs/${id}`);
    const [running, done] = [await ask('running'), await ask('done')];
    expect([running.status, running.headers.get('location'), ((await running.json()) as { state: string }).state]).toEqual([
      200,
      null,
      'running',
    ]);
    expect([done.status, done.headers.get('location'), ((await done.json()) as { state: string }).state]).toEqual([
      303,
      '/v1/workspaces/ws_1',
      'done',
    ]);
  });

  it('leaves out what the caller can read elsewhere and prefers not to be shown', async () => {
    const prefer = { prefer: 'return=minimal' };
    const made = await stage.call('POST', '/v1/workspaces', { name: 'Hôtel' }, prefer);
    expect([made.status, await made.text(), made.headers.get('location')]).toEqual([201, '', '/v1/workspaces/ws_1']);
    const changed = await stage.call('PATCH', '/v1/workspaces/hotel', { name: 'B' }, { ...prefer, 'if-match': '"7"' });
    expect([changed.status, await changed.text(), changed.headers.get('etag')]).toEqual([204, '', '"7"']);
    for (const answer of [made, changed]) expect(answer.headers.get('preference-applied')).toBe('return=minimal');
  });

  it('shows what was asked to be left out where it can be read nowhere else', async () => {
    const run = await stage.call('POST', '/v1/workspaces/hotel/automations/hello:run', {}, { prefer: 'return=minimal' });
    expect([run.status, run.headers.get('preference-applied')]).toEqual([200, null]);
    const shown = await stage.call('GET', '/v1/workspaces/hotel', undefined, { prefer: 'return=minimal' });
    expect([shown.status, shown.headers.get('preference-applied')]).toEqual([200, null]);
  });

  it('passes on how long a caller wants to be held, and says where the answer will be', async () => {
    const path = '/v1/workspaces/hotel/automations/slow:run';
    const later = await stage.call('POST', path, {}, { prefer: 'respond-async' });
    expect([later.status, later.headers.get('location'), later.headers.get('preference-applied')]).toEqual([
      202,
      '/v1/results/res_1',
      'respond-async',
    ]);
    expect(seen.at(-1)).toMatchObject({ prefer: 'respond-async' });
    const held = await stage.call('POST', '/v1/workspaces/hotel/automations/hello:run', {}, { prefer: 'wait=5' });
    expect([held.status, held.headers.get('preference-applied')]).toEqual([200, 'wait=5']);
    const unknown = await stage.call('POST', '/v1/workspaces', { name: 'x' }, { prefer: 'wait=5, respond-async' });
    expect([unknown.status, unknown.headers.get('preference-applied')]).toEqual([201, null]);
  });

  it('holds nobody for longer than half a minute, leaves that time to who answers, and says so', async () => {
    const now = stage.clock.now();
    const held = await stage.call('POST', '/v1/workspaces/hotel/automations/hello:run', {}, { prefer: 'wait=100' });
    expect(held.headers.get('preference-applied')).toBe('wait=30');
    expect((contexts.at(-1)?.deadline ?? 0) - now).toBeGreaterThanOrEqual(35_000);
  });

  it('says that it took what it was asked to take as it is, and does not say that it waited for it', async () => {
    const headers = { 'content-type': 'application/yaml', prefer: 'handling=lenient, wait=5' };
    const put = await stage.call('PUT', '/v1/workspaces/hotel/automations/a%2Fb', 'when: []\n', headers);
    expect([put.headers.get('preference-applied'), seen.at(-1)]).toEqual([
      'handling=lenient',
      expect.objectContaining({ prefer: headers.prefer }),
    ]);
  });

  it('shows only the fields that are wanted', async () => {
    const answer = await stage.call('GET', '/v1/workspaces/hotel?fields=slug,name');
    expect([answer.headers.get('etag'), await answer.json()]).toEqual([expect.stringMatching(/^"7\./), { slug: 'hotel', name: 'Hôtel' }]);
    expect(await problem(stage.call('GET', '/v1/workspaces/hotel?fields=slugg'))).toMatchObject({
      status: 400,
      code: 'api.field_unknown',
      errors: [{ pointer: '/fields' }],
    });
    expect(await problem(stage.call('DELETE', '/v1/workspaces/hotel?fields=slug'))).toMatchObject({ code: 'api.field_unknown' });
  });

  it('says on every answer what browsers must not do with it, and which request it answers', async () => {
    for (const path of ['/v1/workspaces/hotel', '/v1/nothing', '/nothing', '/v1/a..b']) {
      const { headers } = await stage.call('GET', path, undefined, { 'x-request-id': 'my-request_1' });
      expect(headers.get('x-request-id')).toBe('my-request_1');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
    }
    expect((await stage.call('GET', '/v1/me', undefined, { 'x-request-id': 'short' })).headers.get('x-request-id')).toBe('req_minted');
  });

  it('passes on who asks, until when, and as part of which story', async () => {
    const trace = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    await stage.call('GET', '/v1/workspaces/hotel', undefined, { 'x-request-id': 'my-request_2', traceparent: trace });
    const { principal, correlationId, deadline, traceparent } = contexts.at(-1) ?? never();
    expect(principal).toMatchObject({ kind: 'user', id: 'anna' });
    expect(correlationId).toBe('my-request_2');
    expect(deadline).toBeGreaterThan(0);
    expect(traceparent).toMatch(new RegExp(`^00-(?!${'a'.repeat(32)})[0-9a-f]{32}-[0-9a-f]{16}-00$`));
    expect(stage.log.lines.findLast(({ message }) => message === 'Answered.')?.fields).toMatchObject({ linkedTraceId: 'a'.repeat(32) });
  });

  it('believes no bare identity', async () => {
    await stage.call('GET', '/v1/workspaces/hotel', undefined, {
      'millrace-principal': '{"kind":"service","id":"x","roles":[]}',
      'x-user-id': 'root',
    });
    expect(contexts.at(-1)?.principal).toMatchObject({ kind: 'user', id: 'anna' });
  });

  it.each(['', `Bearer ${EXPIRED_TOKEN}`, 'Basic YTpi', 'Bearer', 'Bearer a b'])('refuses the credential %j', async (authorization) => {
    const answer = await stage.call('GET', '/v1/workspaces/hotel', undefined, { authorization });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer realm="millrace"/);
  });

  it('asks who is calling before it reads a body', async () => {
    expect(await problem(stage.call('POST', '/v1/workspaces', 'not json', { authorization: '' }))).toMatchObject({ status: 401 });
  });

  it('refuses what does not fit, with the places', async () => {
    expect(await problem(stage.call('POST', '/v1/workspaces', { nmae: 'x' }))).toMatchObject({
      status: 400,
      code: 'api.field_unknown',
      errors: [{ pointer: '/nmae' }],
    });
    expect(await problem(stage.call('POST', '/v1/workspaces', { name: '' }))).toMatchObject({
      status: 400,
      code: 'api.invalid',
      errors: [{ pointer: '/name', code: 'string.min_len' }],
    });
    expect(await problem(stage.call('POST', '/v1/workspaces', '{"name":"a","name":"b"}'))).toMatchObject({
      status: 400,
      code: 'api.json_duplicate',
    });
    expect(await problem(stage.call('GET', '/v1/workspaces?limit=201'))).toMatchObject({ status: 400, errors: [{ pointer: '/limit' }] });
  });

  it('refuses another media type, a body where none is read, one that is too large, and a caller who takes no JSON', async () => {
    expect(await problem(stage.call('POST', '/v1/workspaces', 'name=x', { 'content-type': 'text/plain' }))).toMatchObject({ status: 415 });
    expect(await problem(stage.call('POST', '/v1/workspaces', 'name=x', { 'content-type': 'nonsense' }))).toMatchObject({ status: 415 });
    expect(await problem(stage.call('DELETE', '/v1/workspaces/hotel', {}))).toMatchObject({ status: 400, code: 'api.body_unexpected' });
    expect(await problem(stage.call('GET', '/v1/workspaces', undefined, { accept: 'text/html' }))).toMatchObject({ status: 406 });
    const large = await stage.call('POST', '/v1/workspaces', `{"name":"${'x'.repeat(1_048_576)}"}`);
    expect([large.status, ((await large.json()) as { code: string }).code]).toEqual([413, 'api.body_too_large']);
  });

  it('tells an unknown path from a wrong method', async () => {
    expect(await problem(stage.call('GET', '/v1/nothing'))).toMatchObject({ status: 404, code: 'api.route_unknown' });
    expect(await problem(stage.call('GET', '/nothing'))).toMatchObject({ status: 404, code: 'api.route_unknown' });
    const wrong = await stage.call('PUT', '/v1/workspaces', {});
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST']);
    const byHand = await stage.call('PATCH', '/v1/workspaces/hotel/files/fil_1/content');
    expect([byHand.status, byHand.headers.get('allow')]).toEqual([405, 'GET, HEAD, PUT']);
  });

  it.each([
    '//v1/me',
    '/v1//me',
    '/v1/../v1/me',
    '/v1/%2e%2e/me',
    '/v1/me;x',
    '/v1/me.',
    '/v1/workspaces/a%2fb',
    '/v1/%zz',
    '/v1/me%00',
    '/%2e%2e/v1/me',
  ])('refuses the path %s, with and without a credential', async (path) => {
    for (const headers of [{}, { authorization: `Bearer ${ANNAS_TOKEN}` }] as Record<string, string>[]) {
      const answer = await stage.raw('GET', path, headers);
      answer.resume();
      expect(answer.statusCode).toBe(400);
      expect(answer.headers['content-type']).toContain('application/problem+json');
    }
  });

  it('answers no path of the API without a credential, however it is written', async () => {
    for (const path of [
      '/v1/workspaces',
      '/v1/workspaces/',
      '/V1/workspaces',
      '/v1/workspaces/hotel',
      '/v1/%77orkspaces',
      '/v1/workspaces/healthz',
      '/v1/workspaces?/healthz',
    ]) {
      const answer = await stage.raw('GET', path);
      answer.resume();
      expect([400, 401, 404]).toContain(answer.statusCode);
    }
  });

  it('says of a refusal of a service what it says, and of its fault nothing', async () => {
    expect(await problem(stage.call('GET', '/v1/workspaces/hotel/events/e1'))).toMatchObject({
      status: 404,
      code: 'events.not_found',
      detail: 'There is no such event.',
      facts: { id: 'e1' },
      instance: '/v1/workspaces/hotel/events/e1',
    });
    const fault = await problem(stage.call('GET', '/v1/workspaces/hotel/events'));
    expect(fault).toMatchObject({ status: 500, code: 'api.internal' });
    expect(JSON.stringify(fault)).not.toContain('secret');
  });

  it('answers 503 while a service is away', async () => {
    const answer = await stage.call('GET', '/v1/workspaces/hotel/versions');
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2']);
  });

  it('lets only the pages of named origins call', async () => {
    const preflight = { 'access-control-request-method': 'PUT', 'access-control-request-headers': 'authorization' };
    const allowed = await stage.raw('OPTIONS', '/v1/me', { origin: 'https://console.test', ...preflight });
    expect(allowed.statusCode).toBe(204);
    expect(allowed.headers['access-control-allow-origin']).toBe('https://console.test');
    expect(allowed.headers['access-control-allow-methods']).toContain('PUT');
    expect(allowed.headers['access-control-allow-credentials']).toBeUndefined();
    const other = await stage.raw('OPTIONS', '/v1/me', { origin: 'https://evil.test', ...preflight });
    expect(other.headers['access-control-allow-origin']).toBeUndefined();
  });

  it('counts and logs each answer by the kind of its route, without ids in labels', async () => {
    await stage.call('GET', '/v1/workspaces/hotel');
    await stage.call('POST', '/v1/nothing', {});
    const text = await stage.metrics.registry.metrics();
    expect(text).toMatch(/millrace_http_requests_total\{class="read",status="2xx",service="gateway"\} [1-9]/);
    expect(text).toMatch(/millrace_http_requests_total\{class="write",status="2xx",service="gateway"\} [1-9]/);
    expect(text).not.toContain('hotel');
    expect(stage.log.lines.findLast(({ message }) => message === 'Answered.')?.fields).toMatchObject({
      method: 'POST',
      path: '/v1/nothing',
      status: 404,
    });
  });
});

describe('the routes of calls', () => {
  it('do not start with a method that does not say who may call it', () => {
    expect(() => callRoutes([CarelessService])).toThrow(/must say who may call it/);
  });
});

function never(): never {
  throw new Error('No call was made.');
}
