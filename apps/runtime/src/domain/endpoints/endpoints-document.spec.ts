import { describe, expect, it } from '@jest/globals';
import { plan } from '@millrace/language';
import type { JsonMap } from '@millrace/kernel';
import { endpointsDocument } from './endpoints-document';
import { plainSchema } from './plain-schema';
import { servedBy } from './served-endpoint';

const WHOSE = { workspaceId: 'ws_1', slug: 'shop', digest: 'd' };

function served(automations: Readonly<Record<string, string>>) {
  return servedBy(plan({ automations: Object.entries(automations).map(([slug, text]) => ({ file: `automations/${slug}.yaml`, text })) }));
}

function described(automations: Readonly<Record<string, string>>) {
  const { paths } = endpointsDocument(WHOSE, served(automations)) as JsonMap & { paths: Record<string, Record<string, JsonMap>> };
  return paths;
}

const at = (endpoint: string, more = ''): string => `${more}when: { endpoint: ${endpoint} }\ndo: []\n`;

describe('endpoints', () => {
  it('are those of automations that are not disabled, by slug, with every method unless they name some', () => {
    const all = served({
      b: at('true'),
      a: at('{ methods: [get] }', 'name: { fr: Un, en: One }\n'),
      c: 'do: []\n',
      d: at('true', 'disabled: true\n'),
    });
    expect(all.map(({ slug, name, methods }) => [slug, name, methods.length])).toEqual([
      ['a', 'Un', 1],
      ['b', 'b', 7],
    ]);
  });

  it('are described once where several answer, by the first, which names the others', () => {
    const paths = described({
      a: at('{ path: x, methods: [get] }'),
      b: at('{ path: x, methods: [get, put] }'),
      c: at('{ path: x, methods: [get] }'),
    });
    expect(paths['/x']).toMatchObject({ get: { operationId: 'get.a', 'x-beside': ['b', 'c'] }, put: { operationId: 'put.b' } });
  });

  it('are one path where only the names of parameters differ', () => {
    const paths = described({ a: at('{ path: x/:one/*rest, methods: [get] }'), b: at('{ path: x/:two/*more, methods: [put] }') });
    expect(Object.keys(paths)).toEqual(['/x/{one}/{rest}']);
    expect(paths['/x/{one}/{rest}']?.['put']).toMatchObject({
      parameters: [{ name: 'one' }, { name: 'rest', description: expect.any(String) }],
    });
  });

  it('say who may call, what is sent and what comes back', () => {
    const request = '{ type: object }';
    const paths = described({
      members: at(`{ methods: [get, post], request: ${request} }`),
      open: at('{ methods: [get], access: public }'),
      known: at('{ methods: [get], access: signed-in }'),
      signed: at('{ methods: [post], respond: accepted, verify: { preset: github, secret: x } }'),
    });
    expect(paths['/members']?.['get']).not.toHaveProperty('requestBody');
    expect(paths['/members']?.['post']).toMatchObject({
      ...{ 'x-permission': 'members', security: [{ accessToken: [] }, { apiKey: [] }] },
      requestBody: { content: { 'application/json': { schema: { type: 'object' } } } },
    });
    const codes = (path: string, method: string): readonly string[] => Object.keys((paths[path]?.[method]?.['responses'] ?? {}) as object);
    expect(codes('/members', 'post')).toEqual(['200', '202', '401', '403', '422', 'default']);
    expect(codes('/open', 'get')).toEqual(['200', '202', 'default']);
    expect(codes('/known', 'get')).toEqual(['200', '202', '401', 'default']);
    expect(codes('/signed', 'post')).toEqual(['202', '401', 'default']);
    expect(paths['/signed']?.['post']).toMatchObject({ 'x-signature': 'github', security: [] });
  });

  it('take parameters as their automation declares them', () => {
    const declared = 'arguments: { query: { type: object, properties: { q: { type: string, required: true } } }, pathParams: true }\n';
    const paths = described({
      a: at('{ path: x/:id, methods: [get] }', declared),
      b: at('{ path: y, methods: [get] }', 'arguments: { query: {} }\n'),
    });
    expect(paths['/x/{id}']?.['get']?.['parameters']).toEqual([
      { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
      { name: 'q', in: 'query', required: true, schema: { type: 'string' } },
    ]);
    expect(paths['/y']?.['get']?.['parameters']).toEqual([]);
  });

  it('keep what a body refers to with it', () => {
    const paths = described({ a: at("{ methods: [post], request: { $ref: '#/definitions/m', definitions: { m: { type: number } } } }") });
    expect(paths['/a']?.['post']).toMatchObject({
      requestBody: { content: { 'application/json': { schema: { $id: 'urn:millrace:a', $ref: '#/definitions/m' } } } },
    });
  });

  it('are none where nothing runs', () => {
    expect(endpointsDocument({ ...WHOSE, digest: '' }, [])).toMatchObject({ info: { title: 'shop', version: 'none' }, paths: {} });
  });
});

describe('a schema in the words of JSON Schema alone', () => {
  it('lists what has to be there where the object is', () => {
    const written = {
      properties: { a: { required: true }, b: { items: [{ required: true }] }, c: true },
      required: ['c'],
      default: { required: true },
    };
    expect(plainSchema(written)).toEqual({
      properties: { a: {}, b: { items: [{}] }, c: true },
      required: ['c', 'a'],
      default: { required: true },
    });
    expect(plainSchema({ properties: 7, anyOf: [true] })).toEqual({ properties: 7, anyOf: [true] });
  });

  it('takes a property called required for what it is', () => {
    expect(plainSchema({ properties: { required: { type: 'boolean' } } })).toEqual({ properties: { required: { type: 'boolean' } } });
  });
});
