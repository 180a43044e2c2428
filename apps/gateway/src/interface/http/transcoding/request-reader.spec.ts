import type { DescMethod } from '@bufbuild/protobuf';
import { EventsService, RuntimeService, routeOf, WorkspacesService } from '@millrace/contracts';
import type { DomainError } from '@millrace/kernel';
import { describe, expect, it } from '@jest/globals';
import { CarelessService } from '../../../../testing/every-kind';
import { refusalOf } from '../../../../testing/refusal-of';
import { readQuery } from './query';
import { RequestReader } from './request-reader';

interface Sent {
  readonly path?: Record<string, string>;
  readonly query?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Uint8Array;
}

const encoder = new TextEncoder();
const PATH = { workspace_id: 'ws_1' };

function readerOf(method: DescMethod): RequestReader {
  const route = routeOf(method);
  if (route === undefined) throw new Error(`${method.name} has no route.`);
  return new RequestReader(method, route);
}

function read(method: DescMethod, { path = PATH, query = '', headers = {}, body = '' }: Sent): object {
  return readerOf(method).read({ path, query: readQuery(query), headers, body: typeof body === 'string' ? encoder.encode(body) : body });
}

const refused = (method: DescMethod, sent: Sent): DomainError => refusalOf(() => read(method, sent));

const { listEvents, searchEvents } = EventsService.method;
const { updateWorkspace, putAutomation, createWorkspace, deleteWorkspace } = WorkspacesService.method;

describe('a request read from HTTP', () => {
  it('takes its fields from the query, lists as often as they stand', () => {
    const query = 'types=a.*&types=b.%3E&where=payload.n+%3E+1&limit=20&from=2026-11-21T10:00:00Z&sort=oldest';
    expect(read(listEvents, { query })).toMatchObject({
      workspaceId: 'ws_1',
      types: ['a.*', 'b.>'],
      where: 'payload.n > 1',
      limit: 20,
      from: { seconds: 1_795_255_200n, nanos: 0 },
      sort: 'oldest',
    });
  });

  it.each([
    ['limt=5', '/limt', 'api.field_unknown', 'Did you mean "limit"?'],
    ['workspaceId=ws_2', '/workspaceId', 'api.field_unknown', 'no field'],
    ['__proto__=1', '/__proto__', 'api.field_unknown', 'no field'],
    ['limit=x', '/limit', 'api.field_type', 'a whole number from 0'],
    ['limit=', '/limit', 'api.field_type', 'a whole number'],
    ['limit=1&limit=2', '/limit', 'api.field_type', 'only once'],
    ['from=now', '/from', 'api.field_type', 'a time like'],
  ])('refuses the query %s', (query, pointer, code, detail) => {
    expect(refused(listEvents, { query })).toMatchObject({ code, errors: [{ pointer, code, detail: expect.stringContaining(detail) }] });
  });

  it('refuses a query that cannot be decoded', () => {
    expect(refused(listEvents, { query: 'where=%zz' })).toMatchObject({ code: 'api.query_invalid' });
  });

  it('takes no query where the body is everything', () => {
    expect(refused(searchEvents, { query: 'limit=5', body: '{}' })).toMatchObject({
      code: 'api.field_unknown',
      errors: [{ pointer: '/limit' }],
    });
  });

  it('takes a header for the field that names it, an entity tag without its quotes', () => {
    expect(read(deleteWorkspace, { headers: { 'if-match': '"7"' } })).toMatchObject({ ifMatch: '7' });
    expect(read(deleteWorkspace, { headers: { 'if-match': 'W/"7"' } })).toMatchObject({ ifMatch: '7' });
    expect(read(deleteWorkspace, { headers: { 'if-match': '"7.0123456789abcdef"' } })).toMatchObject({ ifMatch: '7' });
    expect(read(deleteWorkspace, { headers: { 'if-match': '*' } })).toMatchObject({ ifMatch: '*' });
    expect(
      read(RuntimeService.method.runAutomation, { path: { ...PATH, slug: 'a' }, headers: { 'idempotency-key': '"k"' } }),
    ).toMatchObject({
      idempotencyKey: '"k"',
    });
  });

  it('refuses in the body what the path or a header says', () => {
    const { errors } = refused(updateWorkspace, { body: '{"workspaceId":"ws_2","ifMatch":"1","name":"x"}' });
    expect(errors).toEqual([
      { pointer: '/workspaceId', code: 'api.field_unknown', detail: 'The path says this; leave it out of the body.' },
      { pointer: '/ifMatch', code: 'api.field_unknown', detail: 'This is sent as the header "if-match".' },
    ]);
  });

  it('empties an optional text that a merge patch sets to null', () => {
    const patched = read(updateWorkspace, { body: '{"description":null,"name":"x"}' });
    expect(patched).toMatchObject({ description: '', name: 'x' });
    expect(patched).not.toHaveProperty('slug');
    expect(read(createWorkspace, { path: {}, body: '{"name":"x","slug":null}' })).toMatchObject({ slug: '' });
  });

  it('passes a raw body on as it came', () => {
    const body = Uint8Array.of(0xff, 0x00, 0x7b);
    expect(read(putAutomation, { path: { ...PATH, slug: 'a/b' }, body })).toMatchObject({ slug: 'a/b', source: body });
    expect(readerOf(putAutomation).bodyKind).toBe('raw');
  });

  it('takes no body for an empty object', () => {
    expect(read(searchEvents, {})).toMatchObject({ workspaceId: 'ws_1', limit: 0 });
  });

  it('refuses a body that is not UTF-8', () => {
    expect(refused(searchEvents, { body: Uint8Array.of(0x22, 0xff, 0x22) })).toMatchObject({ code: 'api.json_syntax' });
  });

  it('cannot be made for a route that names what the request lacks', () => {
    const [method] = CarelessService.methods;
    if (method === undefined) throw new Error('The fixture has no method.');
    expect(() => new RequestReader(method, { verb: 'get', path: '/v1/{nobody}' })).toThrow(/path names "nobody"/);
    expect(() => new RequestReader(method, { verb: 'post', path: '/v1/x', body: 'nothing' })).toThrow(/body is "nothing"/);
  });

  it('takes one field as the body, and scalars in the path', () => {
    const [method] = CarelessService.methods;
    if (method === undefined) throw new Error('The fixture has no method.');
    const reader = new RequestReader(method, { verb: 'put', path: '/v1/{an_int}/{a_color}', body: 'a_child' });
    const parts = { path: { an_int: '5', a_color: 'COLOR_RED' }, query: readQuery('aFlag=true&colors=COLOR_BLUE'), headers: {} };
    expect(reader.read({ ...parts, body: encoder.encode('{"aText":"x"}') })).toMatchObject({
      anInt: 5,
      aColor: 1,
      aFlag: true,
      colors: [2],
      aChild: { aText: 'x' },
    });
    const wrong = { ...parts, path: { an_int: 'five', a_color: 'COLOR_RED' }, body: encoder.encode('{}') };
    expect(refusalOf(() => reader.read(wrong))).toMatchObject({ code: 'api.field_type', errors: [{ pointer: '/anInt' }] });
  });
});
