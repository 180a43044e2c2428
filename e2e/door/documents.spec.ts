import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MillraceClient } from '@millrace/client';
import { millraceUnderTest, type MillraceUnderTest } from '@millrace/testing';

type Body = Readonly<Record<string, unknown>> | string;

/** A kind of document: how one is made, where it is then, and a change of it, if it can be changed. */
interface Kind {
  readonly make: (client: Asking) => Promise<string>;
  readonly change?: Body;
  /** With which it is changed; `PATCH` when absent. */
  readonly verb?: 'PUT';
  /** Where its tag is read, if it cannot be read by itself. */
  readonly list?: string;
}

type Asking = (
  method: string,
  path: string,
  body?: Body,
  headers?: Readonly<Record<string, string>>,
) => Promise<{ readonly status: number; readonly etag: string; readonly body: Readonly<Record<string, unknown>> }>;

const HELLO = 'name: Hello\ndo: []\noutput: { hello: true }\n';
const ruleTest = (expected: string): string =>
  `- { it: reads runs, as: { roles: [viewer] }, action: read, subject: runs, expect: ${expected} }\n`;
const madeAt = async (client: Asking, place: string, body: Body): Promise<string> => {
  const { body: made, status } = await client('POST', place, body);
  if (status !== 201) throw new Error(`POST ${place}: ${status} ${JSON.stringify(made)}`);
  return `${place}/${String(made['id'] ?? made['name'])}`;
};
const put =
  (path: string, body: Body) =>
  async (client: Asking): Promise<string> => {
    const { status, body: made } = await client('PUT', path, body, { 'if-none-match': '*' });
    if (status !== 200) throw new Error(`PUT ${path}: ${status} ${JSON.stringify(made)}`);
    return path;
  };

describe('documents behind the door', () => {
  let millrace: MillraceUnderTest;
  let ada: MillraceClient;
  let W = '';

  beforeAll(async () => {
    millrace = await millraceUnderTest();
    ada = await millrace.as('ada');
    const { id = '' } = await ada.api.workspaces.createWorkspace({ name: 'Documents' });
    W = `/v1/workspaces/${id}`;
  });

  afterAll(async () => {
    await millrace.stop();
  });

  const ask: Asking = async (method, path, body, headers = {}) => {
    const type = typeof body === 'string' ? 'application/yaml' : 'application/json';
    const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
    const answer = await ada.fetch(path, { method, headers: { 'content-type': type, ...headers }, ...sent });
    const text = await answer.text();
    return {
      status: answer.status,
      etag: answer.headers.get('etag') ?? '',
      body: text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {},
    };
  };
  const on =
    (path: string): Asking =>
    (method, place, body, headers) =>
      ask(method, `${path}${place}`, body, headers);

  const KINDS: Readonly<Record<string, Kind>> = {
    workspace: {
      make: async () => {
        const { id = '' } = await ada.api.workspaces.createWorkspace({ name: 'Short-lived' });
        return `/../${id}`;
      },
      change: { description: 'changed' },
    },
    automation: { make: put('/automations/hello', HELLO), change: { description: 'changed' } },
    'event type': {
      make: put('/event-types/order.paid', 'schema: { type: object }\n'),
      change: 'title: Paid\nschema: { type: object }\n',
      verb: 'PUT',
    },
    'text of the draft': {
      make: put('/draft/files/tests%2Fdesk.rules.yaml', ruleTest('allowed')),
      change: ruleTest('refused'),
      verb: 'PUT',
    },
    file: {
      make: async () => {
        const answer = await ada.fetch(`${W}/files?name=a.txt`, {
          method: 'POST',
          headers: { 'content-type': 'text/plain' },
          body: 'hello',
        });
        return `/files/${((await answer.json()) as { id: string }).id}`;
      },
      change: { name: 'b.txt' },
    },
    role: {
      make: put('/roles/guests', { rules: [{ allow: ['read'], on: ['runs'] }] }),
      change: { rules: [] },
      verb: 'PUT',
      list: '/roles',
    },
    secret: { make: put('/secrets/MAIL', { value: 'x' }), change: { value: 'y' }, verb: 'PUT', list: '/secrets' },
    member: {
      make: (client) => madeAt(client, '/members', { email: 'eve@example.com', roles: ['viewer'] }),
      change: { roles: ['operator'] },
      list: '/members',
    },
    topic: { make: (client) => madeAt(client, '/topics', { name: 'crew' }) },
    version: {
      make: async (client) => {
        await client('PUT', '/automations/one', HELLO, { 'if-none-match': '*' });
        const first = await madeAt(client, '/versions', {});
        await client('PUT', '/automations/two', HELLO, { 'if-none-match': '*' });
        await madeAt(client, '/versions', {});
        return first;
      },
      change: { name: '' },
    },
  };

  const tagOf = async (client: Asking, path: string, list: string | undefined): Promise<string> => {
    if (list === undefined) return (await client('GET', path)).etag;
    const { body } = await client('GET', list);
    const items = body['items'] as readonly Readonly<Record<string, string>>[];
    const found = items.find(({ id, name }) => path.endsWith(`/${id}`) || path.endsWith(`/${name}`));
    return `"${found?.['etag'] ?? ''}"`;
  };

  it.each(Object.entries(KINDS))(
    'are changed and deleted by who knows them, once: %s',
    async (_, { make, change, verb = 'PATCH', list }) => {
      const made = await make(on(W));
      const [client, path] = made.startsWith('/../') ? [on('/v1/workspaces'), made.slice('/..'.length)] : [on(W), made];
      const tag = await tagOf(client, path, list);
      expect(tag).toMatch(/^"[\w.-]+"$/);
      if (list === undefined) expect((await client('GET', path, undefined, { 'if-none-match': tag })).status).toBe(304);
      if (change !== undefined) {
        expect((await client(verb, path, change)).status).toBe(428);
        expect((await client(verb, path, change, { 'if-match': '"4711"' })).status).toBe(412);
        expect((await client(verb, path, change, { 'if-match': tag })).status).toBe(200);
      }
      expect((await client('DELETE', path)).status).toBe(428);
      const late = await client('DELETE', path, undefined, { 'if-match': '"4711"' });
      expect(late).toMatchObject({ status: 412, body: { facts: { updatedBy: expect.any(String), updatedAt: expect.any(Number) } } });
      expect(late.etag).toBe(`"${String((late.body['facts'] as Readonly<Record<string, unknown>>)['etag'])}"`);
      expect((await client('DELETE', path, undefined, { 'if-match': late.etag })).status).toBe(204);
      expect((await client('DELETE', path, undefined, { 'if-match': '*' })).status).toBe(404);
    },
  );

  it('are shown anew when something changes that they show but do not hold', async () => {
    const { body: workspace, etag } = await ask('GET', W);
    await ask('PUT', `${W}/automations/new`, HELLO, { 'if-none-match': '*' });
    expect((await ask('POST', `${W}/versions`, {})).status).toBe(201);
    const after = await ask('GET', W, undefined, { 'if-none-match': etag });
    expect([after.status, after.body['etag']]).toEqual([200, workspace['etag']]);
    expect(after.body['activeVersion']).not.toEqual(workspace['activeVersion']);
    expect((await ask('PATCH', W, { description: 'known' }, { 'if-match': after.etag })).status).toBe(200);
  });

  it('of a file have one of the types that their workspace takes', async () => {
    const upload = async (type: string, bytes: string): Promise<unknown[]> => {
      const answer = await ada.fetch(`${W}/files?name=a`, { method: 'POST', headers: { 'content-type': type }, body: bytes });
      const { code, type: taken, facts } = (await answer.json()) as { code?: string; type?: string; facts?: unknown };
      return [answer.status, code ?? taken, facts];
    };
    await ask('PATCH', W, { settings: { fileTypes: ['application/pdf'] } }, { 'if-match': '*' });
    expect(await upload('application/pdf', '%PDF-1.7')).toEqual([201, 'application/pdf', undefined]);
    expect(await upload('text/plain', 'hello')).toEqual([
      422,
      'workspaces.file_type_refused',
      expect.objectContaining({ type: 'text/plain', accepted: 'application/pdf' }),
    ]);
    expect(await upload('application/pdf', 'hello')).toEqual([422, 'workspaces.file_type_disagrees', expect.anything()]);
  });
});
