import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { HAND_ROUTES } from '../hand-routes/all';
import { callRoutes } from '../calls/call-route';
import { PUBLIC_SERVICES } from '../calls/public-services';
import { openApiDocument } from './openapi-document';

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
  readonly properties?: Readonly<Record<string, Schema>>;
}

interface Parameter {
  readonly $ref?: string;
  readonly name?: string;
  readonly in?: string;
  readonly required?: boolean;
  readonly schema?: Schema;
}

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly 'x-permission': string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly required: boolean; readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<Record<string, object>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly responses: Readonly<Record<string, { readonly headers: object }>>;
  };
}

const routes = callRoutes(PUBLIC_SERVICES);
const document = openApiDocument(routes, HAND_ROUTES) as unknown as Document;
const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
const operation = (id: string): Operation => operations.find(({ operationId }) => operationId === id) ?? never();

describe('the OpenAPI document', () => {
  it('is the one in docs/reference: run `npm run generate` when it is not', () => {
    const file = join(import.meta.dirname, '../../../../../../docs/reference/openapi.json');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(document);
  });

  it('tells of every route, once, with a sentence and its permission', () => {
    expect(operations).toHaveLength(routes.length + HAND_ROUTES.length);
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(routes.length + HAND_ROUTES.length);
    for (const each of operations) {
      expect(each.summary).toMatch(/\.$/);
      expect(each['x-permission']).not.toBe('');
    }
  });

  it('refers to nothing that it does not hold', () => {
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#([^"]+)"/g)].map(([, pointer = '']) => pointer);
    expect(refs.length).toBeGreaterThan(50);
    for (const pointer of new Set(refs)) {
      const found = pointer
        .split('/')
        .slice(1)
        .reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], document);
      expect([pointer, typeof found]).toEqual([pointer, 'object']);
    }
  });

  it('says where each field of a request stands', () => {
    const put = operation('putAutomation');
    expect(put.parameters.filter(({ $ref }) => $ref === undefined).map((each) => [each.in, each.name, each.required])).toEqual([
      ['path', 'workspaceId', true],
      ['path', 'slug', true],
      ['header', 'If-Match', false],
      ['header', 'If-None-Match', false],
      ['header', 'Prefer', false],
    ]);
    expect(Object.keys(put.requestBody?.content ?? {})).toEqual(['application/yaml', 'application/json', 'text/yaml']);
    const list = operation('listEvents');
    expect(list.parameters.find(({ name }) => name === 'types')?.schema).toEqual({
      type: 'array',
      items: { type: 'string' },
      maxItems: 50,
    });
    expect(list.parameters.find(({ name }) => name === 'sort')?.schema).toEqual({ type: 'string', enum: ['newest', 'oldest'] });
  });

  it('says what every route of a kind takes and tells besides', () => {
    const named = (id: string): string[] =>
      operation(id).parameters.flatMap(({ $ref }) => ($ref === undefined ? [] : [$ref.split('/').at(-1) ?? '']));
    expect(named('getWorkspace')).toEqual(['Fields', 'IfNoneMatch']);
    expect(named('createWorkspace')).toEqual(['Fields', 'IdempotencyKey', 'Prefer']);
    expect(named('runAutomation')).toEqual(['Fields']);
    expect(named('deleteWorkspace')).toEqual([]);
    expect(operation('getWorkspace').responses).toHaveProperty('304');
    expect(operation('runAutomation').responses).toHaveProperty('202');
    expect(operation('listWorkspaces').responses['200']).toMatchObject({ headers: { Link: {} } });
    for (const each of operations.filter(({ parameters }) => parameters.some(({ $ref }) => $ref?.endsWith('IdempotencyKey') === true)))
      expect(each.responses).toMatchObject({ 409: {}, 422: {} });
  });

  it('shows an example of each body, and of each answer that has one', () => {
    const calls = operations.filter(({ operationId }) => HAND_ROUTES.every(({ id }) => id !== operationId));
    for (const { operationId, requestBody, responses } of calls) {
      const [body] = Object.values(requestBody?.content ?? {});
      if (body !== undefined) expect([operationId, body]).toMatchObject([operationId, { example: expect.anything() }]);
      const { content } = (responses['200'] ?? responses['201'] ?? {}) as { content?: Record<string, object> };
      if (content !== undefined)
        expect([operationId, content['application/json']]).toMatchObject([operationId, { example: expect.anything() }]);
    }
  });

  it('tells of bytes that flow: what is taken, what is given whole or in part, and what is refused', () => {
    const download = operation('downloadFile');
    expect(Object.keys(download.responses)).toEqual(expect.arrayContaining(['200', '206', '304', '416']));
    expect(download.responses['206']).toMatchObject({ headers: { 'Content-Range': {} }, content: { '*/*': {} } });
    expect(download.parameters.map(({ $ref, name }) => $ref?.split('/').at(-1) ?? name)).toEqual([
      'workspaceId',
      'fileId',
      'Range',
      'IfRange',
      'IfNoneMatch',
    ]);
    expect(operation('downloadLink')).toMatchObject({ security: [] });
    expect(Object.keys(operation('createFile').requestBody?.content ?? {})).toEqual([
      'application/octet-stream',
      'multipart/form-data',
      '*/*',
    ]);
    expect(download).toMatchObject({ security: [{}, { accessToken: [] }, { apiKey: [] }] });
    expect(operation('importWorkspace').responses).toMatchObject({ 200: {}, 202: { headers: { Location: {} } } });
    expect(operation('downloadDraftFile').parameters).toContainEqual(
      expect.objectContaining({ in: 'query', name: 'path', required: true }),
    );
  });

  it('tells of what goes on without end, of what is fetched later, and of leaving', () => {
    const { parameters, responses } = operation('streamEvents');
    expect(responses['200']).toMatchObject({ content: { 'text/event-stream': {} } });
    expect(parameters.map(({ $ref, name }) => $ref?.split('/').at(-1) ?? name)).toEqual([
      'workspaceId',
      'types',
      'where',
      'since',
      'EventPayload',
      'LastEventId',
    ]);
    expect(Object.keys(operation('getResult').responses)).toEqual(expect.arrayContaining(['202', '410', 'default']));
    expect(operation('deleteMe').responses).toMatchObject({
      202: { content: { 'application/json': { schema: { required: ['receipt'] } } } },
    });
    expect(Object.keys(operation('signOut').responses)).toContain('204');
  });

  it('says what must be sent, and what can be counted on', () => {
    const { schema } = operation('createWorkspace').requestBody?.content['application/json'] ?? never();
    expect(schema).toMatchObject({ type: 'object', required: ['name'], additionalProperties: false });
    expect(schema.properties?.['slug']).toMatchObject({ pattern: '^[a-z][a-z0-9-]{1,38}[a-z0-9]$' });
    const { schemas } = document.components;
    expect(schemas['ListWorkspacesResponse']).toMatchObject({ required: ['items'] });
    expect(schemas['EventInput']).toMatchObject({ required: ['type'], additionalProperties: false });
    expect(schemas['Event']?.properties).toMatchObject({
      offset: { type: 'string' },
      time: { type: 'string', format: 'date-time' },
      extensions: { type: 'object', additionalProperties: { type: 'string' } },
    });
    expect(schemas['Target']).not.toHaveProperty('required');
  });

  it('says which problems a call may have', () => {
    expect(Object.keys(operation('deleteWorkspace').responses)).toEqual([
      '204',
      '400',
      '401',
      '403',
      '404',
      '406',
      '409',
      '412',
      '414',
      '415',
      '417',
      '422',
      '428',
      '429',
      '431',
      '500',
      '503',
      '504',
    ]);
    const problems = (id: string): string[] => Object.keys(operation(id).responses).filter((status) => status >= '400');
    expect(problems('getFileText')).toEqual(expect.arrayContaining(['404', '409', '422']));
    expect(problems('getMe')).not.toEqual(expect.arrayContaining(['409']));
    expect(problems('setConfig')).toEqual(expect.arrayContaining(['408', '413', '415']));
    expect(problems('signOut')).toEqual(expect.arrayContaining(['408', '413', '415']));
    expect(problems('exportVersion')).toEqual(expect.arrayContaining(['403', '413', '417']));
    expect(problems('downloadLink')).toEqual(['400', '403', '404', '414', '416', '417', '422', '429', '431', '500', '503', '504']);
  });

  it('says what answers and refusals have in their headers', () => {
    const [every, none] = [['X-Request-Id', 'RateLimit-Policy', 'RateLimit'], { headers: {} }];
    for (const { operationId, responses } of operations) {
      for (const [status, response] of Object.entries(responses).filter(([, each]) => !('$ref' in each))) {
        const { headers } = response as { headers: object };
        expect([operationId, status, Object.keys(headers)]).toEqual([operationId, status, expect.arrayContaining(every)]);
      }
    }
    const { responses } = document.components;
    for (const response of Object.values(responses)) expect(Object.keys(response.headers)).toEqual(expect.arrayContaining(every));
    const said = (status: number): string[] =>
      Object.keys((responses[`Problem${status}`] ?? none).headers).filter((name) => !every.includes(name));
    expect([401, 404, 409, 412, 416, 429, 503].map(said)).toEqual([
      ['WWW-Authenticate'],
      [],
      ['Retry-After'],
      ['ETag'],
      ['Content-Range'],
      ['Retry-After'],
      ['Retry-After'],
    ]);
    expect(operation('runAutomation').responses['202']).toMatchObject({ headers: { Location: {}, 'Retry-After': {} } });
    expect(operation('deleteMe').responses['202']).toMatchObject({ headers: { Location: {}, 'Set-Cookie': {} } });
  });
});

function never(): never {
  throw new Error('The document lacks it.');
}
