import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MillraceClient } from '@millrace/client';
import { ApiProblem } from '@millrace/client';
import { millraceUnderTest, type MillraceUnderTest } from '@millrace/testing';

type Paths = Readonly<Record<string, Readonly<Record<string, { readonly operationId: string }>>>>;

/** What may be given to anybody: its address stands in pages and mails, which add to it. */
const ANYBODYS = new Set(['downloadFile', 'downloadLink', 'getResult']);
const SHOP = 'https://shop.example';
const slow = (name: string): string =>
  `name: ${name}\nwhen: { endpoint: { path: slow, methods: [get], access: public } }\ndo:\n  - sleep: { for: 1 }\noutput: { late: true }\n`;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

describe('the conventions of the API', () => {
  let millrace: MillraceUnderTest;
  let ada: MillraceClient;
  let bob: MillraceClient;
  let id: string;

  beforeAll(async () => {
    millrace = await millraceUnderTest();
    [ada, bob] = [await millrace.as('ada'), await millrace.as('bob')];
    const workspace = await ada.api.workspaces.createWorkspace({ name: 'Conventions' });
    id = workspace.id ?? '';
  });

  afterAll(async () => {
    await millrace.stop();
  });

  const problemOf = async (call: Promise<unknown>): Promise<ApiProblem> => {
    const error = await call.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (error instanceof ApiProblem) return error;
    throw new Error('It was not refused.');
  };

  it('makes a workspace once, however often it is asked with the same key', async () => {
    const create = (name: string) => ada.api.workspaces.createWorkspace({ name }, { idempotencyKey: 'a-mill' });
    const [first, again] = [await create('Mill'), await create('Mill')];
    expect(again).toEqual(first);
    expect(await problemOf(create('Pond'))).toMatchObject({ status: 422, code: 'api.idempotency_key_reused' });
    expect((await bob.api.workspaces.createWorkspace({ name: 'Mill of Bob' }, { idempotencyKey: 'a-mill' })).id).not.toBe(first.id);
    const names = await Array.fromAsync(ada.api.workspaces.listWorkspaces.each({ limit: 1 }), ({ name }) => name);
    expect(names.filter((name) => name === 'Mill')).toHaveLength(1);
  });

  it('gives a cursor to one caller, for one list', async () => {
    const { nextCursor = '' } = await ada.api.workspaces.listWorkspaces({ limit: 1 });
    expect(nextCursor).not.toBe('');
    expect(await problemOf(bob.api.workspaces.listWorkspaces({ cursor: nextCursor }))).toMatchObject({
      status: 400,
      code: 'api.cursor_invalid',
    });
    expect(await problemOf(ada.api.runs.listRuns({ workspaceId: id, cursor: nextCursor }))).toMatchObject({ code: 'api.cursor_invalid' });
    expect((await ada.api.workspaces.listWorkspaces({ cursor: nextCursor })).items).toHaveLength(1);
  });

  it('tells who comes too late what is there, who changed it, and when', async () => {
    const before = await ada.api.workspaces.getWorkspace({ workspaceId: id });
    const { etag = '' } = await ada.api.workspaces.updateWorkspace({ workspaceId: id, description: 'first', ifMatch: before.etag ?? '' });
    const late = await problemOf(
      ada.api.workspaces.updateWorkspace({ workspaceId: id, description: 'second', ifMatch: before.etag ?? '' }),
    );
    expect(late).toMatchObject({ status: 412, etag, facts: { etag, updatedBy: expect.any(String), updatedAt: expect.any(Number) } });
    expect(await problemOf(ada.api.workspaces.updateWorkspace({ workspaceId: id, description: 'third' }))).toMatchObject({ status: 428 });
    const shown = (await ada.fetch(`/v1/workspaces/${id}`)).headers.get('etag') ?? '';
    const held = await ada.fetch(`/v1/workspaces/${id}`, { headers: { 'if-none-match': shown } });
    expect([held.status, await held.text()]).toEqual([304, '']);
    await ada.api.workspaces.updateWorkspace({ workspaceId: id, description: 'fourth', ifMatch: shown });
  });

  it('creates only what is not there, when it is asked to', async () => {
    const put = () => ada.api.workspaces.putAutomation({ workspaceId: id, slug: 'slow', source: slow('Slow'), ifNoneMatch: '*' });
    expect(await put()).toMatchObject({ slug: 'slow' });
    expect(await problemOf(put())).toMatchObject({ status: 412, facts: { etag: '1' } });
  });

  it('answers later when that is preferred, and says where', async () => {
    await ada.api.workspaces.publishVersion({ workspaceId: id, message: 'slow' });
    const run = await ada.fetch(`/v1/workspaces/${id}/automations/slow:run`, { method: 'POST', headers: { prefer: 'respond-async' } });
    expect([run.status, run.headers.get('preference-applied')]).toEqual([202, 'respond-async']);
    const result = await ada.fetch(run.headers.get('location') ?? '', { headers: { prefer: 'wait=20' } });
    expect([result.status, result.headers.get('preference-applied'), await result.json()]).toEqual([200, 'wait=20', { late: true }]);
    const applied = async (prefer: string): Promise<unknown> => {
      const answer = await fetch(`${millrace.url}/e/${id}/slow`, { headers: { prefer } });
      return [answer.status, answer.headers.get('preference-applied')];
    };
    expect([await applied('respond-async'), await applied('wait=0')]).toEqual([
      [202, 'respond-async'],
      [202, 'wait=0'],
    ]);
  });

  it('shows as little as is wanted, and packs what is long', async () => {
    const made = await ada.fetch('/v1/workspaces', {
      method: 'POST',
      headers: { 'content-type': 'application/json', prefer: 'return=minimal' },
      body: JSON.stringify({ name: 'Minimal', description: 'x'.repeat(1_000) }),
    });
    expect([made.status, await made.text(), made.headers.get('preference-applied')]).toEqual([201, '', 'return=minimal']);
    const place = made.headers.get('location') ?? '';
    expect(await (await ada.fetch(`${place}?fields=name,slug`)).json()).toEqual({ name: 'Minimal', slug: 'minimal' });
    const packed = await ada.fetch(place, { headers: { 'accept-encoding': 'br' } });
    expect([packed.headers.get('content-encoding'), ((await packed.json()) as { name: string }).name]).toEqual(['br', 'Minimal']);
    const document = await fetch(`${millrace.url}/openapi.json`, { headers: { 'accept-encoding': 'gzip' } });
    expect(document.headers.get('content-encoding')).toBe('gzip');
  });

  it('passes over nothing that a query says, whatever serves the path, but leaves it to endpoints what theirs says', async () => {
    const file = await ada.fetch(`/v1/workspaces/${id}/files?name=a.txt`, { method: 'POST', body: 'a' });
    const { id: fileId } = (await file.json()) as { id: string };
    const { paths } = (await (await fetch(`${millrace.url}/openapi.json`)).json()) as { paths: Paths };
    const fill = (path: string): string =>
      path.replaceAll(/\{(\w+)\}/g, (_, name: string) => (name === 'workspaceId' ? id : name === 'fileId' ? fileId : '1'));
    const codeOf = async (method: string, path: string, headers: Record<string, string> = {}): Promise<string> => {
      const answer = await ada.fetch(`${path}?isAdmin=true`, { method, headers });
      return `${answer.status} ${((await answer.json()) as { code: string }).code}`;
    };
    const [one, form] = [`/v1/workspaces/${id}/events`, 'application/cloudevents+json'];
    const answers = [
      await codeOf('GET', `${one}/evt_1`, { accept: form }),
      await codeOf('GET', one, { accept: 'application/cloudevents-batch+json' }),
      await codeOf('POST', one, { 'content-type': form }),
    ];
    for (const [path, verbs] of Object.entries(paths)) {
      for (const [verb, { operationId }] of Object.entries(verbs)) {
        if (!ANYBODYS.has(operationId)) answers.push(await codeOf(verb.toUpperCase(), fill(path)));
      }
    }
    expect(answers.length).toBeGreaterThan(170);
    expect(new Set(answers)).toEqual(new Set(['400 api.field_unknown']));
    expect(await (await ada.fetch(`/v1/workspaces/${id}/files/${fileId}/content?utm_source=mail`)).text()).toBe('a');
    expect((await fetch(`${millrace.url}/e/${id}/slow?isAdmin=true`, { headers: { prefer: 'respond-async' } })).status).toBe(202);
  });

  it('lets in pages of the origins that a workspace names, in its own places, a moment after it did', async () => {
    const allowed = async (path: string): Promise<string | null> =>
      (
        await fetch(`${millrace.url}${path}`, { method: 'OPTIONS', headers: { origin: SHOP, 'access-control-request-method': 'GET' } })
      ).headers.get('access-control-allow-origin');
    expect(await allowed(`/e/${id}/slow`)).toBeNull();
    await ada.api.workspaces.updateWorkspace({ workspaceId: id, settings: { allowedOrigins: [SHOP] }, ifMatch: '*' });
    for (let tries = 0; tries < 200 && (await allowed(`/e/${id}/slow`)) === null; tries += 1);
    expect([await allowed(`/e/${id}/slow`), await allowed(`/v1/workspaces/${id}/events`), await allowed(`/v1/workspaces/${id}`)]).toEqual([
      SHOP,
      SHOP,
      null,
    ]);
  });

  it('asks for a body only when it will be read', async () => {
    const { hostname, port } = new URL(millrace.url);
    const socket = connect(Number(port), hostname).setEncoding('utf8');
    socket.write(
      'POST /v1/workspaces HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000000\r\nexpect: 100-continue\r\n\r\n',
    );
    const [heard] = (await once(socket, 'data')) as [string];
    expect(heard).toMatch(/^HTTP\/1\.1 401 /);
    socket.destroy();
  });

  it('explains every code it refuses with', async () => {
    const { body } = await problemOf(ada.api.workspaces.createWorkspace({ name: '' }));
    const page = await fetch(textOf(body['type']), { headers: { accept: 'text/html' } });
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<h1>Invalid</h1>')]);
    expect((await fetch(`${millrace.url}/docs`)).headers.get('content-security-policy')).toContain("script-src 'self'");
  });
});
