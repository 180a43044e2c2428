import type { DescMethod } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiProblem, MillraceClient, type AnswerOf, type Api, type RequestOf } from '@millrace/client';
import { answerOf, JobsService, WorkspacesService } from '@millrace/contracts';
import { DomainError, type JsonMap } from '@millrace/kernel';
import { callRoutes, type CallRoute } from '../src/interface/http/calls/call-route';
import { PUBLIC_SERVICES } from '../src/interface/http/calls/public-services';
import { exampleOf, exampleValue } from '../src/interface/http/openapi/examples';
import { fittedExample } from '../src/interface/http/openapi/fitted-example';
import { placesOf } from '../src/interface/http/openapi/places';
import { ANNAS_TOKEN, openStage, type Handler, type Stage } from './stage';

const { createWorkspace, listWorkspaces, updateWorkspace } = WorkspacesService.method;
const { getJob } = JobsService.method;
const ROUTES = callRoutes(PUBLIC_SERVICES);

/** A job as the services say it; what it made can be read elsewhere. */
const DONE = { id: 'job_1', state: 'done', result: { workspace: { id: 'ws_1' }, applied: true } };

type AnyCall = (request: JsonMap) => Promise<JsonMap>;

/** A request of the route, as its example shows it. */
function requestOf(route: CallRoute): JsonMap {
  const { path, query, header, body } = placesOf(route);
  const plain = exampleOf([...path, ...query].filter((field) => field.jsonName !== 'cursor'));
  const headers = Object.fromEntries(header.map((field) => [field.jsonName, field.jsonName === 'ifNoneMatch' ? '*' : '7']));
  if (route.body === '*') return { ...plain, ...headers, ...fittedExample(route.method.input, body) };
  const [field] = body;
  return { ...plain, ...headers, ...(field === undefined ? {} : { [field.jsonName]: exampleValue(field) ?? null }) };
}

describe('the typed client', () => {
  let stage: Stage;
  let client: MillraceClient;
  const seen: { method: DescMethod; request: unknown }[] = [];
  const refusals: DomainError[] = [];

  beforeAll(async () => {
    const pages = ['', 'b', 'c'];
    const handle =
      (method: DescMethod): Handler =>
      async (request: { cursor?: string }) => {
        seen.push({ method, request });
        const refusal = refusals.shift();
        if (refusal !== undefined) throw refusal;
        if (method === getJob) return { job: DONE, elsewhere: '/v1/workspaces/ws_1' };
        if (method !== listWorkspaces) return {};
        const at = pages.indexOf(request.cursor ?? '');
        return { items: [{ id: `ws_${at}1` }, { id: `ws_${at}2` }], nextCursor: pages[at + 1] ?? '' };
      };
    stage = await openStage({ handlers: ROUTES.map(({ method }) => [method, handle(method)] as const) });
    client = new MillraceClient({ url: stage.url, token: () => ANNAS_TOKEN, persistence: { pause: async () => undefined } });
  });

  afterAll(async () => {
    await stage[Symbol.asyncDispose]();
  });

  it('has every call of the API, and no other', () => {
    const calls = Object.values(client.api as unknown as Record<string, Record<string, unknown>>).flatMap((group) => Object.keys(group));
    expect(calls.sort()).toEqual(ROUTES.map(({ method }) => method.localName).sort());
  });

  it.each(ROUTES.map((route): [string, CallRoute] => [route.method.localName, route]))(
    'makes the call %s as the door wants it',
    async (name, route) => {
      const groups = Object.values(client.api as unknown as Record<string, Record<string, AnyCall>>);
      const call = groups.find((group) => name in group)?.[name];
      const before = seen.length;
      const answer = await call?.(requestOf(route));
      expect(seen.slice(before).map(({ method }) => method.name)).toEqual([route.method.name]);
      expect(typeof answer).toBe('object');
      if (answerOf(route.method).status === 204) expect(answer).toEqual({});
    },
  );

  it('goes through a list page after page, as far as its caller wants', async () => {
    const ids: (string | undefined)[] = [];
    for await (const { id } of client.api.workspaces.listWorkspaces.each({ limit: 2 })) ids.push(id);
    expect(ids).toEqual(['ws_01', 'ws_02', 'ws_11', 'ws_12', 'ws_21', 'ws_22']);
    const before = seen.length;
    for await (const { id } of client.api.workspaces.listWorkspaces.each()) if (id === 'ws_02') break;
    expect(seen.length - before).toBe(1);
  });

  it('shows a finished job itself, and does not take what it made for it', async () => {
    const before = seen.length;
    const job = await client.api.jobs.getJob({ jobId: 'job_1' });
    expect(job).toMatchObject(DONE);
    expect(seen.slice(before).map(({ method }) => method.name)).toEqual([getJob.name]);
  });

  it('sends a POST again with the same key, so that it is made once', async () => {
    refusals.push(new DomainError('wire.no_one_listens', 'unavailable', 'Nobody is there.'));
    const before = seen.length;
    const workspace: AnswerOf<Api['workspaces']['createWorkspace']> = await client.api.workspaces.createWorkspace({ name: 'Mill' });
    expect(workspace).toEqual({});
    expect(seen.slice(before).map(({ method }) => method)).toEqual([createWorkspace, createWorkspace]);
    const request: RequestOf<Api['workspaces']['createWorkspace']> = { name: 'Pond' };
    await client.api.workspaces.createWorkspace(request, { idempotencyKey: 'pond-1' });
    await client.api.workspaces.createWorkspace(request, { idempotencyKey: 'pond-1' });
    expect(seen.length - before).toBe(3);
  });

  it('tells of a refusal what the API says of it', async () => {
    const facts = { etag: '8', updatedBy: 'bob' };
    refusals.push(new DomainError('workspaces.precondition_failed', 'conflict', 'Bob was first.', { facts }));
    const refused = client.api.workspaces.updateWorkspace({ workspaceId: 'mill', name: 'x', ifMatch: '7' }, { requestId: 'my-request-7' });
    await expect(refused).rejects.toMatchObject({
      name: 'ApiProblem',
      status: 412,
      code: 'workspaces.precondition_failed',
      message: 'Bob was first.',
      etag: '8',
      facts,
      requestId: 'my-request-7',
    });
    expect(seen.at(-1)).toMatchObject({ method: updateWorkspace, request: { ifMatch: '7' } });
    await expect(client.api.workspaces.createWorkspace({ name: '' })).rejects.toMatchObject({
      status: 400,
      errors: [{ pointer: '/name' }],
    });
  });

  it('tells of what is no answer of the API that it is none', async () => {
    const problem = ApiProblem.of(new Response('<h1>Bad gateway</h1>', { status: 502, headers: { 'retry-after': 'soon' } }), undefined);
    expect(problem).toMatchObject({ status: 502, code: 'api.unknown', message: 'The API answered 502.', retryAfter: undefined });
  });
});
