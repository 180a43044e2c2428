import type { DescField } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { answerOf, headerOf, listingOf } from '@millrace/contracts';
import { openStage, type Stage } from '../../../../../testing/stage';
import { exampleOf, exampleValue } from '../../openapi/examples';
import { fittedExample } from '../../openapi/fitted-example';
import { placesOf } from '../../openapi/places';
import { JsonText } from '../../json/json-text';
import { MessageReader } from '../../transcoding/read-message';
import { shownBy } from '../../transcoding/tags';
import { callRoutes, type CallRoute } from '../call-route';
import { PUBLIC_SERVICES } from '../public-services';
import { ALWAYS_THERE, LISTED_OTHERWISE, UNTAGGED, WITHOUT_PRECONDITION, type Exceptions } from './exceptions';

const ROUTES = callRoutes(PUBLIC_SERVICES);
const CHANGES: readonly CallRoute['verb'][] = ['put', 'patch', 'delete'];

const nameOf = ({ verb, path }: CallRoute): string => `${verb.toUpperCase()} ${path}`;
const named = (routes: readonly CallRoute[]): [string, CallRoute][] => routes.map((route) => [nameOf(route), route]);
const demands = ({ method }: CallRoute, header: string): boolean => method.input.fields.some((field) => headerOf(field) === header);
const names = (fields: readonly DescField[]): readonly string[] => fields.map(({ name }) => name);
const itemOf = ({ method }: CallRoute): readonly DescField[] | undefined =>
  shownBy(method).find(({ name, fieldKind }) => name === 'items' && fieldKind === 'list')?.message?.fields;
const excepting = (routes: readonly CallRoute[], exceptions: Exceptions): readonly CallRoute[] =>
  routes.filter((route) => exceptions[nameOf(route)] === undefined);

const READS = ROUTES.filter(({ verb }) => verb === 'get');
const LISTS = READS.filter((route) => itemOf(route) !== undefined);
const CHANGING = excepting(
  ROUTES.filter(({ verb }) => CHANGES.includes(verb)),
  WITHOUT_PRECONDITION,
);

describe('what the declarations of all routes keep to', () => {
  it.each([
    ['a precondition', WITHOUT_PRECONDITION],
    ['creating', ALWAYS_THERE],
    ['lists', LISTED_OTHERWISE],
  ])('every exception of %s is a route that needs it', (_, exceptions) => {
    const needed = {
      'a precondition': (route: CallRoute) => CHANGES.includes(route.verb) && !demands(route, 'if-match'),
      creating: (route: CallRoute) => route.verb === 'put' && !demands(route, 'if-none-match'),
      lists: (route: CallRoute) => itemOf(route) !== undefined && listingOf(route.method) === undefined,
    }[_];
    const needing = new Set(ROUTES.filter(needed ?? (() => false)).map(nameOf));
    expect(Object.keys(exceptions).filter((name) => !needing.has(name))).toEqual([]);
  });

  it.each(named(CHANGING))('a document is changed by who knows it: %s', (_, route) => {
    expect(demands(route, 'if-match')).toBe(true);
  });

  it.each(named(CHANGING))('what has to be known to change it can be read: %s', (_, { path }) => {
    const collection = path.replace(/\/[^/]+$/, '');
    const itself = READS.filter((route) => route.path === path).some(({ method }) => names(shownBy(method)).includes('etag'));
    const listed = LISTS.filter((route) => route.path === collection).some((route) => names(itemOf(route) ?? []).includes('etag'));
    expect(itself || listed).toBe(true);
  });

  it.each(named(CHANGING.filter(({ verb }) => verb !== 'delete')))('a change answers the revision it made: %s', (_, { method }) => {
    expect(names(shownBy(method))).toContain('etag');
  });

  it.each(
    named(
      excepting(
        ROUTES.filter(({ verb }) => verb === 'put'),
        ALWAYS_THERE,
      ),
    ),
  )('what is put under a name can be put there only if it is new: %s', (_, route) => {
    expect(demands(route, 'if-none-match')).toBe(true);
  });

  it.each(named(ROUTES.filter(({ verb }) => verb === 'delete')))('what is deleted is not shown any more: %s', (_, { method }) => {
    expect(answerOf(method).status).toBe(204);
  });

  it.each(named(excepting(LISTS, LISTED_OTHERWISE)))('a list goes on, is filtered, ordered and narrowed: %s', (_, route) => {
    expect(listingOf(route.method)).toBeDefined();
    expect(names(route.method.input.fields)).toEqual(expect.arrayContaining(['limit', 'cursor', 'where', 'sort']));
    expect(names(shownBy(route.method))).toContain('next_cursor');
    expect(route.narrowing.isOffered).toBe(true);
  });
});

describe('what is read through the door', () => {
  let stage: Stage;

  const SINGLE = excepting(
    READS.filter((route) => route.tagging !== 'none'),
    UNTAGGED,
  );
  const DOCUMENTS = ROUTES.filter(
    (route) => ['put', 'patch', 'post'].includes(route.verb) && names(shownBy(route.method)).includes('etag'),
  );
  const shown = ({ method: { output } }: CallRoute) =>
    new MessageReader(output).read(new JsonText(JSON.stringify(exampleOf(output.fields))));

  beforeAll(async () => {
    stage = await openStage({ handlers: [...SINGLE, ...DOCUMENTS].map((route) => [route.method, async () => shown(route)] as const) });
  });

  afterAll(async () => {
    await stage[Symbol.asyncDispose]();
  });

  const pathOf = (route: CallRoute): string => {
    const { path, query } = placesOf(route);
    const textOf = (field: DescField): string => {
      const value = exampleValue(field);
      return typeof value === 'string' ? value : JSON.stringify(value ?? 'x');
    };
    const texts = new Map(path.map((field) => [field.name, textOf(field)]));
    const filled = route.path.replaceAll(/\{(\w+)\}/g, (__, name: string) => encodeURIComponent(texts.get(name) ?? 'x'));
    const parameters = query.flatMap((field) => [textOf(field)].map((text): [string, string] => [field.jsonName, text]));
    return `${filled}?${new URLSearchParams(parameters).toString()}`;
  };
  const get = (route: CallRoute, headers: Record<string, string> = {}) => stage.call('GET', pathOf(route), undefined, headers);

  it.each(named(SINGLE))('has a tag, and is not sent to who holds it: %s', async (_, route) => {
    const answer = await get(route);
    const tag = answer.headers.get('etag') ?? '';
    expect([answer.status, tag]).toEqual([200, expect.stringMatching(/^"[\w.-]+"$/)]);
    const again = await get(route, { 'if-none-match': `"other", W/${tag}` });
    expect([again.status, again.headers.get('etag'), await again.text()]).toEqual([304, tag, '']);
    expect((await get(route, { 'if-none-match': '"other"' })).status).toBe(200);
  });

  it.each(named(DOCUMENTS))('is not shown to who would rather not see what they wrote: %s', async (_, route) => {
    const { body } = placesOf(route);
    const [field] = body;
    const json = route.body === '*' ? fittedExample(route.method.input, body) : field === undefined ? {} : exampleValue(field);
    const typed = route.reader.bodyKind === 'raw' ? { 'content-type': 'application/yaml' } : {};
    const headers = { ...typed, prefer: 'return=minimal' };
    const answer = await stage.call(route.verb.toUpperCase(), pathOf(route), JSON.stringify(json), headers);
    expect([answer.status, await answer.text()]).toEqual([answerOf(route.method).status === 201 ? 201 : 204, '']);
    expect([answer.headers.get('preference-applied'), answer.headers.has('etag')]).toEqual(['return=minimal', true]);
  });
});
