import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MillraceClient } from '@millrace/client';
import { DraftsService, EndpointsService, WorkspacesService } from '@millrace/contracts';
import type { JsonMap } from '@millrace/kernel';
import { signedIn, startStandaloneProcess, temporaryFolder, type StandaloneProcess } from '@millrace/testing';
import { openApiProblems } from './openapi';

const PASSWORD = 'a-password-for-tests';
const FILES = {
  'automations/order.yaml': `name: Takes orders
arguments:
  query: { type: object, properties: { dryRun: { enum: ["true", "false"], required: true } } }
  pathParams: { type: object, properties: { id: { type: string, minLength: 1 } } }
when:
  endpoint:
    path: orders/:id
    methods: [post]
    access: public
    request:
      type: object
      properties: { total: { $ref: '#/definitions/money', required: true } }
      definitions: { money: { type: number, minimum: 0 } }
do: []
output: { id: '{{pathParams.id}}', total: '{{body.total}}' }
`,
  'automations/show.yaml': 'when: { endpoint: { path: orders/:key, methods: [get], access: signed-in } }\ndo: []\n',
  'automations/files.yaml': 'when: { endpoint: { path: files/*rest } }\ndo: []\n',
  'automations/hook.yaml':
    "when: { endpoint: { methods: [post], respond: accepted, verify: { preset: github, secret: '{{secret.HOOK}}' } } }\ndo: []\n",
  'automations/gone.yaml': 'disabled: true\nwhen: { endpoint: true }\ndo: []\n',
};

describe('the endpoints of a workspace', () => {
  const folder = temporaryFolder();
  let millrace: StandaloneProcess;
  let ada: MillraceClient;
  let bob: MillraceClient;
  let workspaceId: string;

  beforeAll(async () => {
    millrace = await startStandaloneProcess({ folder: folder.path, password: PASSWORD });
    [ada, bob] = [await signedIn(millrace.url, 'ada', PASSWORD), await signedIn(millrace.url, 'bob', PASSWORD)];
    workspaceId = (await ada.call(WorkspacesService.method.createWorkspace, { name: 'Shop' }))['id'] as string;
  });

  afterAll(async () => {
    await millrace.stop();
    folder[Symbol.dispose]();
  });

  const described = (headers: Record<string, string> = {}, who = ada) =>
    who.fetch(`/v1/workspaces/${workspaceId}/openapi.json`, { headers });
  const document = async () => (await (await described()).json()) as JsonMap & { paths: Record<string, Record<string, JsonMap>> };
  async function publish(files: Record<string, string>): Promise<void> {
    await ada.call(DraftsService.method.applyDraft, { workspaceId, files, ifMatch: '*', prefer: 'handling=lenient' });
    await ada.call(WorkspacesService.method.publishVersion, { workspaceId });
  }

  it('are none before a version runs', async () => {
    expect(await document()).toMatchObject({ openapi: '3.1.0', paths: {} });
    expect(openApiProblems(await document())).toEqual([]);
    expect(await ada.call(EndpointsService.method.listEndpoints, { workspaceId })).toEqual({ items: [] });
  });

  it('are listed and described as they answer, and a caller who holds the description is not sent it again', async () => {
    await publish(FILES);
    const { items } = await ada.call(EndpointsService.method.listEndpoints, { workspaceId });
    expect(items).toMatchObject([
      { automation: 'files', path: 'files/*rest', methods: expect.arrayContaining(['GET', 'PUT']), access: 'members', respond: 'result' },
      { automation: 'hook', path: 'hook', methods: ['POST'], access: 'public', signature: 'github', respond: 'accepted' },
      { automation: 'order', name: 'Takes orders', path: 'orders/:id', request: { type: 'object' } },
      { automation: 'show', path: 'orders/:key', access: 'signed-in' },
    ]);
    const told = await document();
    expect(openApiProblems(told)).toEqual([]);
    expect(Object.keys(told.paths)).toEqual(['/files/{rest}', '/hook', '/orders/{id}']);
    expect(Object.keys(told.paths['/orders/{id}'] ?? {})).toEqual(['post', 'get']);
    expect(told.paths['/orders/{id}']?.['post']).toMatchObject({
      operationId: 'post.order',
      security: [],
      parameters: [
        { name: 'id', in: 'path', schema: { type: 'string', minLength: 1 } },
        { name: 'dryRun', in: 'query', required: true, schema: { enum: ['true', 'false'] } },
      ],
      requestBody: { content: { 'application/json': { schema: { required: ['total'] } } } },
    });
    expect(told.paths['/hook']?.['post']).toMatchObject({ 'x-signature': 'github', responses: { 202: {}, 401: {} } });
    const [{ url }] = told['servers'] as unknown as readonly [{ readonly url: string }];
    const body = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"total":7}' };
    const answer = await new MillraceClient({ url: millrace.url }).fetch(`${url}/orders/9?dryRun=true`, body);
    expect([answer.status, await answer.text()]).toMatchObject([200, expect.stringContaining('"total":7')]);
    const etag = (await described()).headers.get('etag') ?? '';
    expect((await described({ 'if-none-match': etag })).status).toBe(304);
    await publish({ 'automations/more.yaml': 'when: { endpoint: true }\ndo: []\n' });
    for (let tries = 0; tries < 500 && (await document()).paths['/more'] === undefined; tries++);
    expect((await described({ 'if-none-match': etag })).status).toBe(200);
  });

  it('are told to nobody who may not read automations', async () => {
    expect((await described({}, bob)).status).toBe(404);
    expect((await bob.fetch(`/v1/workspaces/${workspaceId}/endpoints`)).status).toBe(404);
  });

  it('are described by the same rules as the API of the platform', async () => {
    expect(openApiProblems((await (await fetch(`${millrace.url}/openapi.json`)).json()) as JsonMap)).toEqual([]);
    expect(
      openApiProblems({ openapi: '3.1.0', info: { title: 't', version: 'v' }, paths: { '/{a}': { get: { responses: {} } } } }),
    ).not.toEqual([]);
  });
});
