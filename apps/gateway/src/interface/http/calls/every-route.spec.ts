import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openStage, type Stage } from '../../../../testing/stage';
import { fittedExample } from '../openapi/fitted-example';
import { exampleValue } from '../openapi/examples';
import { placesOf } from '../openapi/places';
import { callRoutes, type CallRoute } from './call-route';
import { PUBLIC_SERVICES } from './public-services';

const ROUTES = callRoutes(PUBLIC_SERVICES);
const named = (routes: readonly CallRoute[]): [string, CallRoute][] =>
  routes.map((route) => [`${route.verb.toUpperCase()} ${route.path}`, route]);
const WITH_JSON = ROUTES.filter(({ reader }) => reader.bodyKind === 'json');

/** A path and query of the route that fit. */
function targetOf(route: CallRoute): string {
  const { path, query } = placesOf(route);
  const textOf = (field: (typeof path)[number]): string[] =>
    [exampleValue(field) ?? []].flat().map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
  const texts = new Map(path.map((field) => [field.name, textOf(field)[0] ?? 'x']));
  const filled = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(texts.get(name) ?? 'x'));
  const parameters = query
    .filter(({ jsonName }) => jsonName !== 'cursor')
    .flatMap((field) => textOf(field).map((text): [string, string] => [field.jsonName, text]));
  return `${filled}?${new URLSearchParams(parameters).toString()}`;
}

function bodyOf(route: CallRoute): string | undefined {
  const { body } = placesOf(route);
  const [field] = body;
  if (route.body === undefined) return undefined;
  if (route.body === '*') return JSON.stringify(fittedExample(route.method.input, body));
  return field === undefined ? '{}' : JSON.stringify(exampleValue(field));
}

describe('every route', () => {
  let stage: Stage;
  let made = 0;

  beforeAll(async () => {
    stage = await openStage({ handlers: ROUTES.map(({ method }) => [method, async () => (made++, {})] as const) });
  });

  afterAll(async () => {
    await stage[Symbol.asyncDispose]();
  });

  const call = async (route: CallRoute, change: { body?: string; headers?: Record<string, string>; query?: string } = {}) => {
    const { body = bodyOf(route), headers = {}, query = '' } = change;
    const typed = route.reader.bodyKind === 'raw' ? { 'content-type': 'application/yaml' } : {};
    const before = made;
    const answer = await stage.call(route.verb.toUpperCase(), `${targetOf(route)}${query}`, body, { ...typed, ...headers });
    const text = await answer.text();
    const code = answer.ok ? '' : (JSON.parse(text) as { code: string }).code;
    return { status: answer.status, code, made: made - before, headers: answer.headers };
  };
  const refused = { made: 0 };

  it.each(named(ROUTES))('is made as its example shows: %s', async (_, route) => {
    expect(await call(route)).toMatchObject({ made: 1 });
  });

  it.each(named(ROUTES))('says so when the caller takes nothing that it answers: %s', async (_, route) => {
    expect(await call(route, { headers: { accept: 'text/html, application/xml;q=0.9' } })).toMatchObject({ ...refused, status: 406 });
  });

  it.each(named(ROUTES))('reads no other parameter than its own: %s', async (_, route) => {
    expect(await call(route, { query: '&isAdmin=true' })).toMatchObject({ ...refused, status: 400, code: 'api.field_unknown' });
  });

  it.each(named(ROUTES.filter(({ body, verb }) => body === undefined && verb !== 'get')))(
    'reads no body where it has none: %s',
    async (_, route) => {
      expect(await call(route, { body: '{}' })).toMatchObject({ ...refused, status: 400 });
    },
  );

  it.each(named(ROUTES.filter(({ body }) => body !== undefined)))(
    'has one reader for each media type, and no guessing: %s',
    async (_, route) => {
      for (const type of [
        'text/plain',
        'application/x-www-form-urlencoded',
        'multipart/form-data; boundary=x',
        'application/json; charset=latin1',
        'application/xml',
      ])
        expect(await call(route, { headers: { 'content-type': type } })).toMatchObject({ ...refused, status: 415 });
    },
  );

  it.each(named(WITH_JSON))('reads JSON strictly: %s', async (_, route) => {
    const wrong: readonly (readonly [string, string])[] = [
      ['{"a": 1, "a": 1}', 'api.json_duplicate'],
      ['{"__proto__": {"isAdmin": true}}', 'api.json_key'],
      ['{"a": {"b": [{"__proto__": 1}]}}', 'api.json_key'],
      [`{"a": ${'['.repeat(80)}${']'.repeat(80)}}`, 'api.json_depth'],
      ['{"a": 01}', 'api.json_syntax'],
      ['{"a": 1} {}', 'api.json_syntax'],
    ];
    for (const [body, code] of wrong) expect(await call(route, { body })).toMatchObject({ ...refused, status: 400, code });
  });

  it.each(named(WITH_JSON.filter(({ body }) => body === '*')))('knows no field that it does not declare: %s', async (_, route) => {
    for (const name of ['isAdmin', 'constructor', 'prototype', 'toString']) {
      const body = JSON.stringify({ ...(JSON.parse(bodyOf(route) ?? '{}') as object), [name]: true });
      expect(await call(route, { body })).toMatchObject({ ...refused, status: 400, code: 'api.field_unknown' });
    }
  });

  it.each(named(ROUTES.filter(({ verb }) => verb === 'post')))('is made once with one key: %s', async (_, route) => {
    const headers = { 'idempotency-key': 'order-4711' };
    const [first, again] = [await call(route, { headers }), await call(route, { headers })];
    expect([first.made, again.made]).toEqual([1, 0]);
    expect(again.status).toBe(first.status);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
  });

  it.each(named(ROUTES.filter(({ narrowing }) => narrowing.isOffered)))(
    'shows the fields that are wanted, and no others: %s',
    async (_, route) => {
      expect(await call(route, { query: '&fields=no.such.field' })).toMatchObject({ ...refused, status: 400, code: 'api.field_unknown' });
    },
  );
});
