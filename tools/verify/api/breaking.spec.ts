import { describe, expect, it } from '@jest/globals';
import { breakingChanges, type Document, type Operation } from './breaking.mjs';

const WORKSPACE = {
  type: 'object',
  properties: { id: { type: 'string' }, size: { type: 'integer' }, parent: { $ref: '#/components/schemas/Workspace' } },
  required: ['size'],
};
const BODY = {
  type: 'object',
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 100 },
    kind: { type: 'string', enum: ['a', 'b'] },
    tags: { type: 'array', items: { type: 'string' } },
  },
  required: ['name'],
};

const OPERATION: Operation = {
  'x-permission': 'me',
  parameters: [
    { name: 'limit', in: 'query', required: false, schema: { type: 'integer', maximum: 200 } },
    { $ref: '#/components/parameters/Fields' },
  ],
  requestBody: { required: true, content: { 'application/json': { schema: BODY } } },
  responses: { 200: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Workspace' } } } }, 404: {} },
};

const documentWith = (operation: Operation | undefined, workspace: object = WORKSPACE): Document => ({
  paths: operation === undefined ? {} : { '/v1/workspaces': { post: operation } },
  components: { schemas: { Workspace: workspace }, parameters: { Fields: { name: 'fields', in: 'query', schema: { type: 'string' } } } },
});

const RELEASED = documentWith(OPERATION);
const changes = (now: Document): string[] => breakingChanges(RELEASED, now, '2027-01-31').map((change) => change.replace(/^POST \S+ /, ''));
const withBody = (body: object): Document =>
  documentWith({ ...OPERATION, requestBody: { required: true, content: { 'application/json': { schema: { ...BODY, ...body } } } } });

describe('a change of the API', () => {
  it('breaks nobody when it only adds', () => {
    const grown: Operation = {
      ...OPERATION,
      'x-permission': 'public',
      parameters: [...(OPERATION.parameters ?? []), { name: 'new', in: 'query', required: false, schema: { type: 'string' } }],
      responses: { ...OPERATION.responses, 202: {} },
      requestBody: {
        required: true,
        content: {
          'application/json': { schema: { ...BODY, properties: { ...BODY.properties, more: { type: 'string' } } } },
          'application/yaml': {},
        },
      },
    };
    const shown = { ...WORKSPACE, properties: { ...WORKSPACE.properties, more: { type: 'string' } }, required: ['size', 'id'] };
    const now = documentWith(grown, shown);
    now.paths['/v2/workspaces'] = { get: OPERATION };
    expect(changes(now)).toEqual([]);
    expect(changes(RELEASED)).toEqual([]);
  });

  it.each<[string, Document]>([
    ['is gone. Declare it deprecated, and keep it until its sunset.', documentWith(undefined)],
    ['the query parameter limit is gone.', documentWith({ ...OPERATION, parameters: [{ $ref: '#/components/parameters/Fields' }] })],
    [
      'query parameter limit has a narrower maximum.',
      documentWith({
        ...OPERATION,
        parameters: [{ name: 'limit', in: 'query', schema: { type: 'integer', maximum: 100 } }, { $ref: '#/components/parameters/Fields' }],
      }),
    ],
    [
      'the header parameter If-Match is new and required.',
      documentWith({ ...OPERATION, parameters: [...(OPERATION.parameters ?? []), { name: 'If-Match', in: 'header', required: true }] }),
    ],
    ['it takes no body any more.', documentWith({ ...OPERATION, requestBody: undefined } as unknown as Operation)],
    ['a body of application/json is not read any more.', documentWith({ ...OPERATION, requestBody: { required: true, content: {} } })],
    ['body: "kind" is required now.', withBody({ required: ['name', 'kind'] })],
    ['body: "tags" is gone.', withBody({ properties: { name: BODY.properties.name, kind: BODY.properties.kind } })],
    [
      'body.name was string and is integer.',
      withBody({ properties: { ...BODY.properties, name: { type: 'integer', minLength: 1, maxLength: 100 } } }),
    ],
    [
      'body.name has a narrower minLength.',
      withBody({ properties: { ...BODY.properties, name: { ...BODY.properties.name, minLength: 2 } } }),
    ],
    [
      'body.name has a narrower pattern.',
      withBody({ properties: { ...BODY.properties, name: { ...BODY.properties.name, pattern: '^a' } } }),
    ],
    ['body.kind does not take "b" any more.', withBody({ properties: { ...BODY.properties, kind: { type: 'string', enum: ['a', 'c'] } } })],
    [
      'body.tags[] takes only some values now.',
      withBody({ properties: { ...BODY.properties, tags: { type: 'array', items: { type: 'string', enum: ['x'] } } } }),
    ],
    ['it does not answer 200 any more.', documentWith({ ...OPERATION, responses: { 201: {} } })],
    [
      'answer 200: "id" is gone.',
      documentWith(OPERATION, { ...WORKSPACE, properties: { size: WORKSPACE.properties.size, parent: WORKSPACE.properties.parent } }),
    ],
    ['answer 200: "size" may be missing now.', documentWith(OPERATION, { ...WORKSPACE, required: [] })],
  ])('breaks somebody: %s', (told, now) => {
    const found = changes(now);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(told);
  });

  it('breaks who was never asked to sign in', () => {
    const before = documentWith({ ...OPERATION, 'x-permission': 'public' });
    expect(breakingChanges(before, RELEASED, '2027-01-31')).toEqual(['POST /v1/workspaces: it does not answer everybody any more.']);
  });

  it('may take away what was said to go, once its day has come', () => {
    const going = documentWith({ ...OPERATION, deprecated: true, 'x-sunset': '2027-01-30' });
    expect(breakingChanges(going, documentWith(undefined), '2027-01-31')).toEqual([]);
    expect(breakingChanges(going, documentWith(undefined), '2027-01-30')).toHaveLength(1);
  });
});
