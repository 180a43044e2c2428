import { describe, expect, it } from '@jest/globals';
import type { Json, JsonMap } from '@millrace/kernel';
import { plan } from '../plan/compile';
import type { Plan } from '../plan/plan';
import type { Effect } from '../step/effects';
import { start, step } from '../step/step';
import type { Begin, Turn } from '../step/turn';

const planOf = (body: string): Plan => plan({ automations: [{ file: 'automations/a.yaml', text: body }] });

const begin = (more: Partial<Begin> = {}): Begin => ({
  run: 'run_1',
  slug: 'a',
  locals: {},
  trigger: { type: 'test', value: 'a' },
  workspaceId: 'ws_1',
  correlationId: 'cor_1',
  depth: 1,
  identity: { userId: 'usr_1' },
  seed: 'seed',
  now: 1000,
  ...more,
});

const stepped = (p: Plan, { state }: Turn, effect: string, value: Json, at = 1000): Turn => step(p, state, [{ effect, at, value }]);
const first = (instruction: string, more: Partial<Begin> = {}): Effect | undefined =>
  start(planOf(`do: [${instruction}]`), begin(more)).effects[0];
const codeOf = ({ ended }: Turn): string | undefined => (ended !== undefined && 'error' in ended ? ended.error.code : undefined);
const refusal = (instruction: string, more: Partial<Begin> = {}): string | undefined =>
  codeOf(start(planOf(`do: [${instruction}]`), begin(more)));

describe('set', () => {
  it('puts what it has written where `output` says, even inside of itself', () => {
    const p = planOf("do: [{ set: { name: 'l[0]', value: 1 } }, { set: { name: l, type: merge, output: 'l[0]' } }]\noutput: '{{l}}'");
    expect(start(p, begin({ locals: { l: [5, 6] } })).ended).toEqual({ output: [[1, 6], 6] });
  });
});

describe('emit', () => {
  it.each<[string, JsonMap]>([
    ['{ emit: { event: x } }', { event: 'x', payload: {} }],
    ['{ emit: { event: x, private: true, options: { persist: false } } }', { private: true, options: { persist: false } }],
    ['{ emit: { event: x, options: { keep: live } } }', { options: { keep: 'live' } }],
    ['{ emit: { event: x, at: 5000 } }', { at: 5000 }],
    ['{ emit: { event: x, at: "1970-01-01T00:00:09Z" } }', { at: 9000 }],
    ['{ emit: { event: x, after: 2s } }', { at: 3000 }],
    ['{ emit: { event: x, target: { userTopic: t, currentSocket: "true" } } }', { target: { userTopic: 't', currentSocket: true } }],
    ['{ emit: { event: notification.requested, payload: { to: { users: [a] } } } }', { event: 'notification.requested' }],
  ])('%s asks for it', (instruction, request) => {
    expect(first(instruction)).toMatchObject({ kind: 'emit', request });
  });

  it('passes the key of its author on', () => {
    expect(first('{ emit: { event: x, idempotencyKey: k } }')).toMatchObject({ idempotencyKey: 'k' });
  });

  it.each([
    ['{ emit: { event: x, at: soon } }', 'language.argument_type'],
    ['{ emit: { event: "a b" } }', 'runtime.event_invalid'],
    ['{ emit: { event: error } }', 'runtime.event_refused'],
    ['{ emit: { event: runtime.runs.finished } }', 'runtime.event_refused'],
    ['{ emit: { event: x, payload: [1] } }', 'runtime.event_invalid'],
    ['{ emit: "{{l}}" }', 'language.argument_type'],
    ['{ emit: "{{u}}" }', 'language.argument_missing'],
  ])('%s is refused as %s', (instruction, code) => {
    expect(refusal(instruction, { locals: { l: [1] } })).toBe(code);
  });

  it('names the largest fields of a payload that is too large', () => {
    const { ended } = start(
      planOf('do: [{ emit: { event: x, payload: { s: 1, t: "{{t}}" } } }]'),
      begin({ locals: { t: 'x'.repeat(300_000) } }),
    );
    expect(ended).toMatchObject({
      error: {
        code: 'runtime.event_too_large',
        details: [
          { name: 't', size: 300_002 },
          { name: 's', size: 1 },
        ],
      },
    });
  });

  it('at the depth of 20 is a loop', () => {
    expect([refusal('{ emit: { event: x } }', { depth: 19 }), refusal('{ emit: { event: x } }', { depth: 20 })]).toEqual([
      undefined,
      'runtime.loop',
    ]);
  });

  it('has the same id in the same place of the same run, and its envelope as result', () => {
    const p = planOf('do: [{ emit: { event: x, payload: { n: 1 }, output: e } }]\noutput: "{{e}}"');
    const [one, two] = [start(p, begin()), start(p, begin())];
    expect(one.effects).toEqual(two.effects);
    expect(one.ended).toMatchObject({
      output: {
        id: (one.effects[0]?.request as JsonMap)['id'],
        type: 'x',
        createdAt: '1970-01-01T00:00:01.000Z',
        payload: { n: 1 },
        target: {},
        options: {},
      },
    });
  });
});

describe('fetch', () => {
  it.each<[string, JsonMap]>([
    ['url: "http://a"', { timeout: 30_000, retry: { attempts: 3 }, request: { url: 'http://a', method: 'get', headers: {} } }],
    ['url: "http://a", method: POST', { retry: { attempts: 1 }, request: { method: 'post' } }],
    ['url: "http://a", method: post, idempotencyKey: k', { retry: { attempts: 3 }, idempotencyKey: 'k' }],
    ['url: "http://a", retry: { attempts: 5, delay: 2s, on: 503 }', { retry: { attempts: 5, delay: 2000, on: ['503'], lost: 'repeat' } }],
    ['url: "http://a", timeout: 5, headers: { X-A: b }, body: ~', { timeout: 5000, request: { headers: { 'x-a': 'b' }, body: null } }],
  ])('with %s asks for it', (parameters, expected) => {
    expect(first(`{ fetch: { ${parameters} } }`)).toMatchObject({ kind: 'fetch', blocks: true, ...expected });
  });

  it.each([
    ['{ fetch: { url: "ftp://a" } }', 'runtime.fetch_refused'],
    ['{ fetch: { url: a } }', 'runtime.fetch_refused'],
    ['{ fetch: { url: "http://a", method: options } }', 'language.argument_type'],
    ['{ fetch: { url: "{{u}}" } }', 'language.argument_missing'],
  ])('%s is refused as %s', (instruction, code) => {
    expect(refusal(instruction)).toBe(code);
  });

  it.each<[string, Json, object]>([
    ['', { status: 404, body: 'b' }, { output: 'b' }],
    ['', 'no answer', { output: null }],
    [
      'outputMode: detailed_response,',
      { status: 404, headers: { a: 'b' }, body: 'c' },
      { output: { status: 404, headers: { a: 'b' }, body: 'c' } },
    ],
    ['outputMode: detailed_response,', { status: '201' }, { output: { status: 201, headers: {}, body: null } }],
    ['expect: 2xx,', { status: 204, body: 'b' }, { output: 'b' }],
    ['expect: [404],', { status: 404, body: 'b' }, { output: 'b' }],
    ['expect: [2xx, 404],', { status: 500, body: 'b' }, { error: { code: 'runtime.fetch_status', details: { status: 500, body: 'b' } } }],
  ])('with %j takes %j', (parameters, value, ended) => {
    const p = planOf(`do: [{ fetch: { url: "http://a", ${parameters} output: x } }]\noutput: "{{x}}"`);
    expect(stepped(p, start(p, begin()), '0', value).ended).toMatchObject(ended);
  });
});

describe('fetch.stream', () => {
  const emits = ({ effects }: Turn) => effects.filter(({ kind }) => kind === 'emit').map(({ request }) => request as JsonMap);

  it('publishes chunk by chunk, joined, to whom it says, and an end', () => {
    const p = planOf(
      'do: [{ fetch: { url: "http://a", output: x, stream: { event: part, payload: { job: 1 }, target: { userId: u }, options: { persist: false }, concatenate: { path: data.t }, endChunk: { end: true } } } }]\noutput: ["{{x}}"]',
    );
    const opened = stepped(p, start(p, begin()), '0', { status: 200, stream: 1 });
    expect(opened.effects).toMatchObject([{ id: '0#0:chunk', kind: 'chunk', request: { stream: 1 } }]);
    const one = stepped(p, opened, '0#0:chunk', { item: { index: 0, chunk: { data: { t: 'a' } } } });
    expect(emits(one)).toMatchObject([
      {
        event: 'part',
        payload: { index: 0, chunk: { data: { t: 'a' } }, additionalPayload: { job: 1 }, concatenated: { value: 'a' } },
        target: { userId: 'u' },
        options: { persist: false },
      },
    ]);
    const two = stepped(p, one, '0#1:chunk', { item: { chunk: { data: { t: 'b' } } } });
    expect(emits(two)).toMatchObject([{ payload: { index: 1, concatenated: { value: 'ab' } } }]);
    const end = stepped(p, two, '0#2:chunk', { end: true });
    expect([emits(end), end.ended]).toMatchObject([[{ payload: { chunk: { end: true } } }], { output: [null] }]);
  });

  it('holds back what comes too soon after the last; the last is never lost', () => {
    const p = planOf('do: [{ fetch: { url: "http://a", stream: { event: part, concatenate: { throttle: 100 } } } }]');
    const opened = stepped(p, start(p, begin()), '0', { stream: 1 });
    const one = stepped(p, opened, '0#0:chunk', { item: 'a' });
    const two = stepped(p, one, '0#1:chunk', { item: 'b' }, 1050);
    const three = stepped(p, two, '0#2:chunk', { item: { plain: true } }, 1060);
    const end = stepped(p, three, '0#3:chunk', null, 1070);
    expect([one, two, three, end].map((turn) => emits(turn).map(({ payload }) => (payload as JsonMap)['chunk']))).toEqual([
      ['a'],
      [],
      [],
      [{ plain: true }],
    ]);
  });

  it('publishes chunks as they are when nothing is to be joined', () => {
    const p = planOf('do: [{ fetch: { url: "http://a", stream: { event: part } } }]');
    const opened = stepped(p, start(p, begin()), '0', { stream: 1 });
    expect(emits(stepped(p, opened, '0#0:chunk', { item: 'a' }))).toMatchObject([
      { payload: { index: 0, chunk: 'a', additionalPayload: {} } },
    ]);
  });

  it('publishes an answer that is no stream as its only chunk', () => {
    const p = planOf('do: [{ fetch: { url: "http://a", stream: { event: part } } }]\noutput: done');
    const turn = stepped(p, start(p, begin()), '0', { status: 200 });
    expect([emits(turn), turn.ended]).toMatchObject([[{ payload: { index: 0, chunk: null, additionalPayload: {} } }], { output: 'done' }]);
  });

  it('holds each chunk to what is declared of the event, and keeps its secrets back', () => {
    const text = 'do: [{ fetch: { url: "http://a", stream: { event: part } } }]';
    const declared = 'mode: enforce\nkey: chunk.id\nschema: { properties: { chunk: { required: [id] } } }\nsecret: [chunk.token]\n';
    const events = [{ file: 'events/part.yaml', text: declared, version: 2 }];
    const p = plan({ automations: [{ file: 'automations/a.yaml', text }], events });
    const opened = stepped(p, start(p, begin()), '0', { stream: 1 });
    const one = stepped(p, opened, '0#0:chunk', { item: { id: 'a', token: 'hidden' } });
    const held = { version: 2, key: 'a', redacted: ['chunk.token'] };
    expect(emits(one)).toMatchObject([{ ...held, payload: { index: 0, chunk: { id: 'a' }, additionalPayload: {} } }]);
    expect(JSON.stringify(emits(one))).not.toContain('hidden');
    const two = stepped(p, one, '0#1:chunk', { item: { chunk: { token: 'x' } } });
    expect([emits(two), codeOf(two)]).toEqual([[], 'events.schema_violated']);
  });
});

describe('a step that waits', () => {
  it.each<[string, JsonMap]>([
    ['{ sleep: { for: 1m } }', { kind: 'sleep', parks: true, request: { until: 61_000 } }],
    ['{ sleep: { until: "1970-01-01T00:01:00Z" } }', { kind: 'sleep', request: { until: 60_000 } }],
    [
      '{ wait: { oneOf: { event: x } } }',
      { kind: 'wait', parks: true, request: { until: 21_000, oneOf: [{ event: 'x', cancelTriggers: false }] } },
    ],
    [
      '{ wait: { oneOf: [{ event: x.*, filters: { a: 1 }, filter: "{{b}}", cancelTriggers: true }], timeout: 900d } }',
      { request: { until: 1000 + 400 * 86_400_000, oneOf: [{ filters: { a: 1 }, filter: '{{b}}', cancelTriggers: true }] } },
    ],
    [
      '{ approve: { title: t, to: { users: a }, deadline: 1h } }',
      { kind: 'approve', parks: true, request: { to: { users: ['a'] }, choices: ['approved', 'rejected'], until: 3_601_000 } },
    ],
    ['{ approve: { title: t, to: { users: a }, deadline: 1h, choices: [yes, no] } }', { request: { choices: ['yes', 'no'] } }],
    [
      '{ action: { name: x, retry: { attempts: 2 }, queueTimeout: 1h } }',
      { kind: 'action', parks: true, retry: { attempts: 2 }, request: { inputs: {}, queueTimeout: 3_600_000 } },
    ],
    ['{ run: { module: m, function: f } }', { kind: 'module', request: { module: 'm', function: 'f', parameters: {} } }],
  ])('%s asks for it', (instruction, expected) => {
    expect(first(instruction)).toMatchObject({ blocks: true, ...expected });
  });

  it.each([
    ['{ sleep: { for: 500d } }', 'language.argument_type'],
    ['{ sleep: { until: soon } }', 'language.argument_type'],
    ['{ sleep: }', 'language.argument_missing'],
    ['{ wait: { oneOf: [{ event: "a b" }] } }', 'language.argument_type'],
  ])('%s is refused as %s', (instruction, code) => {
    expect(refusal(instruction)).toBe(code);
  });

  it('until a time that has passed does not wait', () => {
    expect(start(planOf('do: [{ sleep: { until: 999, output: x } }]\noutput: ["{{x}}"]'), begin()).ended).toEqual({ output: [null] });
  });

  it.each<[string, Json, object]>([
    ['wait: { oneOf: { event: x }, output: o }', null, { output: null }],
    ['wait: { oneOf: { event: x }, output: o, onTimeout: fail }', null, { error: { code: 'runtime.wait_timeout' } }],
    ['wait: { oneOf: { event: x }, output: o, onTimeout: fail }', { id: 'evt_1' }, { output: { id: 'evt_1' } }],
    [
      'approve: { title: t, to: { users: a }, deadline: 1s, output: o }',
      null,
      { output: { decision: 'expired', by: null, at: '1970-01-01T00:00:02.000Z', form: {} } },
    ],
    [
      'approve: { title: t, to: { users: a }, deadline: 1s, output: o, onTimeout: fail }',
      null,
      { error: { code: 'runtime.approval_expired' } },
    ],
    [
      'approve: { title: t, to: { users: a }, deadline: 1s, output: o }',
      { decision: 'yes', by: 'a' },
      { output: { decision: 'yes', by: 'a', at: null, form: {} } },
    ],
    ['sleep: { for: 1s, output: o }', 'anything', { output: null }],
  ])('%s takes %j', (instruction, value, ended) => {
    const p = planOf(`do: [{ ${instruction} }]\noutput: "{{o}}"`);
    expect(stepped(p, start(p, begin({ locals: { o: 'before' } })), '0', value).ended).toMatchObject(ended);
  });
});

describe('topics', () => {
  it.each<[string, JsonMap]>([
    ['{ createUserTopic: { topic: t } }', { op: 'create', topic: 't', userIds: [] }],
    ['{ joinUserTopic: { topic: t } }', { op: 'join', userIds: ['usr_1'], create: true }],
    ['{ joinUserTopic: { topic: t, userIds: b, create: false } }', { userIds: ['b'], create: false }],
    ['{ leaveUserTopic: { topic: t } }', { op: 'leave', userIds: ['usr_1'] }],
  ])('%s asks for it', (instruction, request) => {
    expect(first(instruction)).toMatchObject({ kind: 'topic', request });
  });

  it.each(['{ joinUserTopic: { topic: t } }', '{ leaveUserTopic: { topic: t, userIds: [] } }'])('%s needs somebody', (instruction) => {
    expect(refusal(instruction, { identity: {} })).toBe('language.argument_missing');
  });
});

describe('set and delete', () => {
  it.each<[string, Json]>([
    ['{ set: { name: x, value: 1, output: y } }', 1],
    ['{ set: { name: n, type: increment, value: "2", output: y } }', 3],
    ['{ set: { name: n, value: 2, expect: 1, output: y } }', 2],
    ['{ set: { name: u, value: 2, expect: ~, output: y } }', 2],
    ['{ delete: { name: n, output: y } }', null],
    ['{ set: { name: n, output: y } }', null],
    ['{ set: { name: user.id, value: b, output: y } }', 'b'],
  ])('%s gives %j', (instruction, expected) => {
    expect(start(planOf(`do: [${instruction}]\noutput: "{{y}}"`), begin({ locals: { n: 1, y: 'before' } })).ended).toEqual({
      output: expected,
    });
  });

  it('writes only over the value that is expected', () => {
    expect(refusal('{ set: { name: n, value: 2, expect: "1" } }', { locals: { n: 1 } })).toBe('runtime.context_conflict');
  });

  it('changes no other variable that was given the same value', () => {
    const p = planOf(
      'do: [{ set: { name: b, value: "{{a}}" } }, { set: { name: "b.l[]", value: 2 } }, { set: { name: a.x, value: 1 } }]\noutput: ["{{a}}", "{{b}}"]',
    );
    expect(start(p, begin({ locals: { a: { l: [1] } } })).ended).toEqual({ output: [{ l: [1], x: 1 }, { l: [1, 2] }] });
  });
});
