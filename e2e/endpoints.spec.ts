import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MillraceClient } from '@millrace/client';
import { ContextsService, EventsService, FilesService, SecretsService, WorkspacesService } from '@millrace/contracts';
import type { Json, JsonMap } from '@millrace/kernel';
import { millraceUnderTest, signedIn, startStandaloneProcess, temporaryFolder, type MillraceUnderTest } from '@millrace/testing';

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
const listOf = (value: Json | undefined): readonly JsonMap[] => (Array.isArray(value) ? (value as JsonMap[]) : []);

const SECRET = `whsec_${Buffer.from('a secret of twenty-four bytes').toString('base64')}`;
const OTHER = `whsec_${Buffer.from('another one to rotate to, ok?').toString('base64')}`;
const KIB = 1024;
const PIECES = 4_000;

const AUTOMATIONS: Readonly<Record<string, string>> = {
  echo: "when: { endpoint: { path: 'echo/:id', access: public } }\ndo: []\noutput: { id: '{{pathParams.id}}', query: '{{query}}', body: '{{body}}' }\n",
  members: 'when: { endpoint: { access: members } }\ndo: []\noutput: in\n',
  hook: "when: { endpoint: { verify: { preset: standard-webhooks, secret: '{{secret.HOOK}}' } } }\ndo: []\noutput: '{{body}}'\n",
  large: "when: { endpoint: { verify: { preset: github, secret: '{{secret.LARGE}}' } } }\ndo: []\noutput: '{{body}}'\n",
  stream: `when: { endpoint: { access: public } }\ndo:\n  - repeat:\n      until: ${PIECES}\n      do:\n        - set: { name: $http, value: { chunk: '${'x'.repeat(10 * KIB)}' } }\n        - set: { name: global.given, type: increment }\n`,
  later: 'when: { endpoint: { access: public } }\ndo:\n  - wait: { oneOf: [{ event: go }], timeout: 1d }\noutput: { done: true }\n',
  cookie:
    "when: { endpoint: { access: public } }\ndo: [{ set: { name: $http, value: { headers: { Set-Cookie: a=b, Content-Type: text/html } } } }]\noutput: '<script>1</script>'\n",
};

async function workspaceWith(client: MillraceClient, name: string, automations: Readonly<Record<string, string>>): Promise<JsonMap> {
  const workspace = await client.call(WorkspacesService.method.createWorkspace, { name });
  const workspaceId = textOf(workspace['id']);
  for (const [slug, source] of Object.entries(automations)) {
    await client.call(WorkspacesService.method.putAutomation, { workspaceId, slug, source });
  }
  await client.call(WorkspacesService.method.publishVersion, { workspaceId, message: 'first' });
  return workspace;
}

describe('endpoints of automations, over HTTP', () => {
  let millrace: MillraceUnderTest;
  let ada: MillraceClient;
  let nobody: MillraceClient;
  let workspaceId: string;
  let base: string;

  beforeAll(async () => {
    millrace = await millraceUnderTest();
    ada = await millrace.as('ada');
    nobody = new MillraceClient({ url: millrace.url });
    const workspace = await workspaceWith(ada, 'Endpoints', AUTOMATIONS);
    workspaceId = textOf(workspace['id']);
    base = `/e/${textOf(workspace['slug'])}`;
  });

  afterAll(async () => {
    await millrace.stop();
  });

  const post = (path: string, body: NonNullable<RequestInit['body']>, headers: Record<string, string> = {}, as = nobody) =>
    as.fetch(`${base}/${path}`, { method: 'POST', body, headers });
  const jsonOf = async (answer: Response): Promise<JsonMap> => (await answer.json()) as JsonMap;
  const files = async (): Promise<readonly JsonMap[]> =>
    listOf((await ada.call(FilesService.method.listFiles, { workspaceId, limit: 200 }))['items']);
  const bytesOf = async (file: JsonMap): Promise<Buffer> =>
    Buffer.from(await (await ada.fetch(`/v1/workspaces/${workspaceId}/files/${textOf(file['file'])}/content`)).arrayBuffer());

  it('are reached by the short path, with parameters of path and query', async () => {
    const answer = await nobody.fetch(`${base}/echo/a%20b?x=1&x=2`);
    expect([answer.status, await answer.json()]).toEqual([200, { id: 'a b', query: { x: '2' }, body: {} }]);
  });

  it('get the files of a form as files of the workspace, one or many in a list', async () => {
    const form = new FormData();
    form.set('title', 'Seaside');
    form.append('photo', new Blob(['plain'], { type: 'text/plain' }), '../a.txt');
    form.append('photo', new Blob([randomBytes(2_000_000)]), 'b.bin');
    form.append('cv', new Blob(['%PDF-1.7'], { type: 'application/pdf' }), 'cv.pdf');
    const { body } = await jsonOf(await post('echo/1', form));
    const [photos, cvs] = [listOf((body as JsonMap)['photo']), listOf((body as JsonMap)['cv'])];
    expect([(body as JsonMap)['title'], photos.map(({ name, size, type }) => [name, size, type]), cvs.map(({ name }) => name)]).toEqual([
      'Seaside',
      [
        ['a.txt', 5, 'text/plain'],
        ['b.bin', 2_000_000, 'application/octet-stream'],
      ],
      ['cv.pdf'],
    ]);
    const [first = {}] = photos;
    expect(String(await bytesOf(first))).toBe('plain');
    const kept = (await files()).find(({ id }) => id === first['file']);
    expect(kept).toMatchObject({
      visibility: 'private',
      owner: 'anonymous',
      metadata: { endpoint: 'echo/1' },
      expiresAt: expect.any(String),
    });
    const visitor = await nobody.fetch(`/v1/workspaces/${workspaceId}/files/${textOf(first['file'])}/content`);
    expect(visitor.status).toBe(404);
  });

  it('get a large body as a file', async () => {
    const large = `{"text":"${'x'.repeat(2_000_000)}"}`;
    const { body } = await jsonOf(await post('echo/1', large, { 'content-type': 'application/json' }));
    expect(body).toMatchObject({ size: large.length, type: 'application/json' });
    expect(String(await bytesOf(body as JsonMap))).toBe(large);
  });

  it('keep nothing of a call that is refused', async () => {
    const before = (await files()).length;
    const form = new FormData();
    form.set('photo', new Blob(['no image'], { type: 'image/png' }), 'a.png');
    const lied = await post('echo/1', form);
    expect([lied.status, (await jsonOf(lied))['code']]).toEqual([422, 'workspaces.file_type_disagrees']);
    expect((await post('members', form)).status).toBe(401);
    expect((await post('nowhere', form)).status).toBe(404);
    expect(await files()).toHaveLength(before);
  });

  describe('that are signed', () => {
    const sign = (secret: string, body: string, at = Date.now()): Record<string, string> => {
      const seconds = Math.floor(at / 1000);
      const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
      const signature = createHmac('sha256', key).update(`msg_1.${seconds}.${body}`).digest('base64');
      return {
        ...{ 'content-type': 'application/json', 'webhook-id': `msg_1`, 'webhook-timestamp': String(seconds) },
        'webhook-signature': `v1,${signature}`,
      };
    };

    const setSecret = (name: string, value: string) =>
      ada
        .call(SecretsService.method.setSecret, { workspaceId, name, value, ifMatch: '*' })
        .catch(() => ada.call(SecretsService.method.setSecret, { workspaceId, name, value }));

    it('let in whoever knows the secret of the workspace, which nobody reads', async () => {
      expect((await post('hook', '{}', sign(SECRET, '{}'))).status).toBe(503);
      await setSecret('HOOK', `${OTHER}\n${SECRET}`);
      expect((await post('hook', '{"a":1}', sign(SECRET, '{"a":1}'))).status).toBe(200);
      const wrong = await Promise.all([
        post('hook', '{"a":2}', sign(SECRET, '{"a":1}')),
        post('hook', '{"a":1}', sign(SECRET, '{"a":1}', Date.now() - 600_000)),
        post('hook', '{"a":1}', sign('whsec_AAAA', '{"a":1}')),
        post('hook', '{"a":1}'),
      ]);
      expect(wrong.map((answer) => answer.status)).toEqual([401, 401, 401, 401]);
      const { items } = await ada.call(SecretsService.method.listSecrets, { workspaceId });
      expect(JSON.stringify(items)).not.toContain(SECRET.slice(6));
      const usages = await ada.call(SecretsService.method.listSecretUsages, { workspaceId, name: 'HOOK' });
      expect(usages['items']).toEqual([{ file: 'automations/hook.yaml', line: 1 }]);
    });

    it('are one run when a message comes again', async () => {
      const runs = await Promise.all([1, 2].map(() => post('hook', '{"again":1}', sign(SECRET, '{"again":1}'))));
      const again = await post('hook', '{"again":1}', sign(SECRET, '{"again":1}'));
      expect(new Set([...runs, again].map(({ headers }) => headers.get('millrace-run'))).size).toBe(1);
    });

    it('are checked over bodies that are kept elsewhere', async () => {
      await setSecret('LARGE', 'a large secret');
      const body = JSON.stringify({ text: 'y'.repeat(1_500_000) });
      const signature = `sha256=${createHmac('sha256', 'a large secret').update(body).digest('hex')}`;
      const send = (signed: string) => post('large', body, { 'content-type': 'application/json', 'x-hub-signature-256': signed });
      const right = await send(signature);
      expect([right.status, (await jsonOf(right))['size']]).toEqual([200, body.length]);
      const before = (await files()).length;
      expect((await send(signature.replace(/.$/, (last) => (last === '0' ? '1' : '0')))).status).toBe(401);
      expect(await files()).toHaveLength(before);
    });
  });

  it('make no more of a stream than its reader takes', async () => {
    const { hostname, port } = new URL(millrace.url);
    const request = httpRequest({ host: hostname, port, path: `${base}/stream`, agent: false });
    request.end();
    const [answer] = (await once(request, 'response')) as [IncomingMessage];
    answer.pause();
    const given = async (): Promise<number> => {
      const none: JsonMap = {};
      const context = await ada.call(ContextsService.method.getContext, { workspaceId, kind: 'global', owner: '-' }).catch(() => none);
      return Number((context['value'] as JsonMap | undefined)?.['given'] ?? 0);
    };
    // Until nothing more is made while other calls come and go.
    let [before, now] = [-1, await given()];
    while (now !== before) {
      before = now;
      for (let turn = 0; turn < 30; turn += 1) now = await given();
    }
    expect(now).toBeLessThan(PIECES);
    let size = 0;
    for await (const chunk of answer) size += (chunk as Buffer).length;
    expect(size).toBeGreaterThan(PIECES * 10 * KIB);
    expect(await given()).toBe(PIECES);
  });

  it('answer later to who prefers that, and to the one who asked', async () => {
    const accepted = await post('later', '{}', { prefer: 'respond-async', 'content-type': 'application/json' });
    expect(accepted.status).toBe(202);
    const location = accepted.headers.get('location') ?? '';
    expect((await nobody.fetch(location)).status).toBe(202);
    await ada.call(EventsService.method.emitEvents, { workspaceId, events: [{ type: 'go' }] });
    const result = await nobody.fetch(location, { headers: { prefer: 'wait=20' } });
    expect([result.status, await result.json()]).toEqual([200, { done: true }]);
    const gone = await nobody.fetch('/v1/results/res_00000000000000000000000000');
    expect([gone.status, (await jsonOf(gone))['code']]).toEqual([410, 'runtime.result_gone']);
  });
});

describe('an origin of their own for endpoints', () => {
  it('serves what authors wrote without our fence, and nothing of ours', async () => {
    const folder = temporaryFolder();
    const apart = 'http://apart.test:8443';
    const millrace = await startStandaloneProcess({
      folder: folder.path,
      password: 'a-password-for-tests',
      environment: { MILLRACE_ENDPOINT_ORIGIN: apart },
    });
    try {
      const get = async (path: string, host?: string): Promise<IncomingMessage> => {
        const { hostname, port } = new URL(millrace.url);
        const request = httpRequest({ host: hostname, port, path, headers: host === undefined ? {} : { host }, agent: false });
        request.end();
        const [answer] = (await once(request, 'response')) as [IncomingMessage];
        answer.resume();
        return answer;
      };
      const ada = await signedIn(millrace.url, 'ada', 'a-password-for-tests');
      const { slug } = await workspaceWith(ada, 'Apart', { cookie: AUTOMATIONS['cookie'] ?? '' });
      const there = await get(`/e/${textOf(slug)}/cookie`, 'apart.test:8443');
      expect([there.statusCode, there.headers['set-cookie'], there.headers['content-security-policy']]).toEqual([200, ['a=b'], undefined]);
      const here = await get(`/e/${textOf(slug)}/cookie`);
      expect([here.statusCode, here.headers['set-cookie'], here.headers['content-security-policy']]).toEqual([200, undefined, 'sandbox']);
      for (const path of [
        '/v1/workspaces',
        '/openapi.json',
        '/v1/auth/sign-in',
        '/realms/millrace/.well-known/openid-configuration',
        '/healthz',
      ]) {
        expect((await get(path, 'apart.test:8443')).statusCode).toBe(404);
      }
      expect((await get('/openapi.json')).statusCode).toBe(200);
    } finally {
      await millrace.stop();
      folder[Symbol.dispose]();
    }
  });
});
