import { describe, expect, it } from '@jest/globals';
import { runFailed } from './refusals';
import { bodyOf, chunkOf, EMPTY_HEAD, headFor, streamHead, withReply } from './reply';
import { endpointLocals, type EndpointCall } from './request';
import { runNames, runPrincipal, type Run } from './run';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

const run: Run = {
  id: 'run_1',
  workspaceId: 'ws_1',
  digest: 'd',
  slug: 'greet',
  trigger: { type: 'endpoint', value: 'greet', id: 'req-1' },
  correlationId: 'req-1',
  causationId: 'req-1',
  depth: 1,
  startedAt: 0,
  deadline: 1_000,
  priority: 'normal',
  record: 'full',
};

describe('a run', () => {
  it('acts as its automation, for whoever caused it', () => {
    expect(runPrincipal({ ...run, causedBy: { kind: 'user', id: 'ada', roles: [] }, session: 'ses_1' })).toEqual({
      kind: 'automation',
      id: 'greet',
      roles: [],
      workspace: 'ws_1',
      session: 'ses_1',
      onBehalfOf: 'ada',
    });
  });

  it('acts on for the person behind the automation that caused it', () => {
    expect(runPrincipal({ ...run, causedBy: { kind: 'automation', id: 'first', roles: [], onBehalfOf: 'ada' } }).onBehalfOf).toBe('ada');
  });

  it('acts for itself alone when nobody caused it, or nobody known', () => {
    expect(runPrincipal(run)).not.toHaveProperty('onBehalfOf');
    expect(runPrincipal({ ...run, causedBy: { kind: 'anonymous', id: 'anonymous', roles: [] } })).not.toHaveProperty('onBehalfOf');
  });

  it('of an event is named by event, workspace and automation', () => {
    expect(runNames('evt_1', 'ws_1', 'greet')).toEqual(['event', 'evt_1', 'ws_1', 'greet']);
  });
});

describe('a failed run', () => {
  const failure = { code: 'language.expression_type', refusal: 'invalid', message: 'No number.' } as const;

  it('names automation and line to who waits for it', () => {
    const error = runFailed({ ...failure, automation: 'greet', step: '2', line: 4, column: 7 }, 'run_1');
    expect(error).toMatchObject({ code: failure.code, refusal: 'invalid', facts: { run: 'run_1', automation: 'greet', step: '2' } });
    expect(error.message).toBe('No number. (automation "greet", line 4, column 7)');
  });

  it('says only what is known', () => {
    expect(runFailed(failure, 'run_1').message).toBe('No number.');
    expect(runFailed({ ...failure, automation: 'greet' }, 'run_1').message).toBe('No number. (automation "greet")');
    expect(runFailed({ ...failure, automation: 'greet', line: 4 }, 'run_1').message).toContain('line 4, column 1');
  });
});

describe('the answer of an endpoint', () => {
  it('gathers status and headers, later ones over earlier ones', () => {
    const first = withReply(EMPTY_HEAD, { status: 201, headers: { 'X-One': '1', 'X-Two': '1' } });
    expect(withReply(first, { headers: { 'x-two': '2' } })).toEqual({ status: 201, headers: { 'x-one': '1', 'x-two': '2' } });
  });

  it('is text for a text and JSON for all else, unless the automation named a type', () => {
    expect(headFor(EMPTY_HEAD, 'hi').headers['content-type']).toMatch('text/plain');
    expect(headFor(EMPTY_HEAD, { a: 1 }).headers['content-type']).toBe('application/json');
    expect(headFor(withReply(EMPTY_HEAD, { headers: { 'Content-Type': 'text/html' } }), 'hi').headers['content-type']).toBe('text/html');
    expect([bodyOf('hi'), bodyOf({ a: 1 }), bodyOf(null)]).toEqual(['hi', '{"a":1}', 'null']);
  });

  it('in chunks is a stream of server-sent events', () => {
    expect(streamHead(EMPTY_HEAD).headers['content-type']).toBe('text/event-stream');
    expect(chunkOf('a\nb')).toBe('data: a\ndata: b\n\n');
    expect(chunkOf({ n: 1 })).toBe('data: {"n":1}\n\n');
  });
});

describe('the locals of an endpoint', () => {
  const call: EndpointCall = { method: 'POST', path: 'greet/ada', query: 'a=1&a=2&b=x', headers: {}, body: new Uint8Array(), ip: '' };
  const bodyFor = (type: string, body: string | Uint8Array) =>
    endpointLocals({ ...call, headers: { 'content-type': type }, body: typeof body === 'string' ? encode(body) : body }, {})['body'];

  it('are method, query, headers, body, path parameters and $http', () => {
    expect(endpointLocals(call, { name: 'ada' })).toEqual({
      method: 'post',
      query: { a: '2', b: 'x' },
      headers: {},
      body: {},
      pathParams: { name: 'ada' },
      $http: {},
    });
  });

  it('have the body by its type', () => {
    expect(bodyFor('application/json; charset=utf-8', '{"a":[1],"__proto__":1}')).toEqual({ a: [1] });
    expect(bodyFor('application/cloudevents+json', '[1]')).toEqual([1]);
    expect(bodyFor('application/x-www-form-urlencoded', 'a=1&__proto__=2')).toEqual({ a: '1' });
    expect(bodyFor('text/plain', 'hi')).toBe('hi');
    expect(bodyFor('image/png', Uint8Array.from([255, 0]))).toEqual({ contentType: 'image/png', size: 2, base64: '/wA=' });
    expect(endpointLocals({ ...call, body: encode('{"a":1}') }, {})['body']).toEqual({ a: 1 });
    expect(bodyFor('', 'x')).toEqual({ contentType: '', size: 1, base64: 'eA==' });
  });

  it('are refused for a body that is not what its type says', () => {
    expect(() => bodyFor('application/json', '{')).toThrow(expect.objectContaining({ code: 'runtime.body_malformed' }));
    const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
    expect(JSON.stringify(bodyFor('application/json', nested(63)))).toBe(nested(63));
    for (const levels of [65, 5_000]) {
      expect(() => bodyFor('application/json', nested(levels))).toThrow(expect.objectContaining({ code: 'runtime.body_malformed' }));
    }
    expect(() => bodyFor('text/plain', Uint8Array.from([255]))).toThrow(expect.objectContaining({ code: 'runtime.body_malformed' }));
  });
});
