import { describe, expect, it } from '@jest/globals';
import { DomainError } from '@millrace/kernel';
import type { Json, JsonMap } from '@millrace/kernel';
import { readCases } from './case';
import { playCase, unmetBy } from './holds';

const read = (written: Json) => readCases(JSON.stringify(written), 'cases.json');

function played(written: JsonMap): JsonMap {
  const [one] = read(written);
  if (one === undefined) throw new Error('no case');
  return playCase(one);
}

/** A run of the automation `a`, whose body is given. */
const run = (body: Json, more: JsonMap = {}): JsonMap => played({ automations: { a: body }, start: { slug: 'a' }, ...more });

describe('cases', () => {
  it('are one or a list of them, in YAML or JSON; one without an id has its number', () => {
    expect(readCases('- { expr: 1 }\n- { id: second, start: {} }\n- { files: {} }', 'cases.yml').map(({ id, kind }) => [id, kind])).toEqual(
      [
        ['0', 'evaluation'],
        ['second', 'run'],
        ['2', 'check'],
      ],
    );
    expect(read({ expr: 1, $note: 'anything', basis: 'x', note: 'y' })).toHaveLength(1);
  });

  it.each([
    ['', 'The file is empty.'],
    ['{ expr: 1, expr: 2 }', 'cases.yml:1:12 This key is there twice'],
    ['text', 'cases.yml:1:1 A case is a map.'],
    ['[1]', 'cases.yml:1:2 A case is a map.'],
    ['expr: 1\nvarz: {}', 'cases.yml:2:1 The key `varz` means nothing in a case of this kind. Did you mean `vars`?'],
    ['start: {}\nvars: {}', 'The key `vars` means nothing in a case of this kind.'],
  ])('that cannot be read are refused: %j', (text, message) => {
    expect(() => readCases(text, 'cases.yml')).toThrow(DomainError);
    expect(() => readCases(text, 'cases.yml')).toThrow(message);
  });
});

describe('a case', () => {
  it.each<[JsonMap, readonly string[]]>([
    [{ expr: '{% 1 + 1 %}', expected: 2 }, []],
    [{ expr: '{% 1 + 1 %}', expected: 3 }, ['value: expected 3, found 2']],
    [{ expr: '{{x}}', missing: true }, []],
    [{ expr: null }, []],
    [{ expr: 'x', missing: true }, ['value: expected ["missing"], found "x"']],
    [{ expr: '{{x}}' }, ['value: expected null, found ["missing"]']],
    [{ expr: '{% 1 - a %}', error: true }, []],
    [{ expr: '{% 1 - a %}', error: 'language.expression_type' }, []],
    [{ expr: '{% 1 - a %}', error: 'language.regex' }, ['error: expected "language.regex", found "language.expression_type"']],
    [{ expr: '{% 1 %}', error: true }, ['error: expected true, found 1']],
    [{ expr: '{% 1 - a %}', expected: 1 }, ['value: expected 1, found "`-` needs numbers, found text \\"a\\"."']],
    [{ start: { slug: 'a' }, automations: { a: { do: [], output: 1 } } }, []],
    [{ start: { slug: 'a' }, automations: { a: { do: [], output: 1 } }, expected: { output: 2 } }, ['output: expected 2, found 1']],
    [{ start: { slug: 'b' }, expected: { error: true, output: null } }, []],
    [{ start: { slug: 'a' }, automations: { a: { do: [] } }, expected: { error: true } }, ['error: expected true, found null']],
    [{ start: { slug: 'a' }, automations: { a: { do: [] } }, expected: { contexts: { global: {} }, http: null } }, []],
    [{ start: { slug: 'a' }, automations: { a: { do: [] } }, expected: { contexts: { global: { x: 1 } } } }, ['contexts']],
    [{ start: { slug: 'a' }, automations: { a: { do: [] } }, expected: { nothing: 1 } }, ['nothing: expected 1, found undefined']],
    [{ files: { 'automations/a.yaml': 'do: []' }, expected: { problems: [] } }, []],
    [{ files: { 'automations/a.yaml': 'do: 1' }, expected: { problems: [{ code: 'value-type' }] } }, []],
    [{ files: { 'automations/a.yaml': 'do: 1' }, expected: { problems: [{ code: 'other' }] } }, ['problems']],
    [{ files: { 'automations/a.yaml': 'do: 1' }, expected: { problems: [] } }, ['problems']],
  ])('%j is met, but for %j', (written, unmet) => {
    const [one] = read(written);
    const found = one === undefined ? ['none'] : unmetBy(one, playCase(one));
    expect(found.map((sentence, index) => sentence.slice(0, unmet[index]?.length))).toEqual(unmet);
  });

  it('points to what is wrong in its expression', () => {
    expect(played({ expr: 'a\n{% 1 - b %}' })).toMatchObject({ ok: false, line: 2, column: 4 });
  });

  it('goes by its own time, zone and seed', () => {
    const settings = { now: '2026-07-01T00:00:00Z', timeZone: 'Europe/Paris', seed: 'mine' };
    const expr = ['{% now() %}', '{% date(now(), "HH:mm") %}', '{% rand() %}'];
    expect(played({ expr, ...settings })).toMatchObject({ value: ['2026-07-01T00:00:00.000Z', '02:00', expect.any(Number)] });
    expect(played({ expr, ...settings })).toEqual(played({ expr, ...settings }));
    expect(played({ expr: expr[2] ?? '' })['value']).not.toBe(played({ expr: expr[2] ?? '', seed: 'mine' })['value']);
  });

  it('is held to the budget of an expression', () => {
    expect(played({ expr: '{% sum(range(0, 60000)) %}' })).toMatchObject({ ok: false, code: 'language.expression_budget' });
  });
});

describe('automations of a case', () => {
  it.each<[string, JsonMap]>([
    ['a map', { automations: { a: { do: [], output: 1 } } }],
    ['a text', { automations: { a: 'do: []\noutput: 1' } }],
    ['a file', { files: { 'automations/a.yaml': 'do: []\noutput: 1' } }],
    ['a file that is a map', { files: { 'automations/a.yaml': { do: [], output: 1 } } }],
  ])('may be written as %s', (_, written) => {
    expect(played({ ...written, start: { slug: 'a' } })).toMatchObject({ state: 'succeeded', output: 1 });
  });

  it.each<[string, JsonMap]>([
    ['a list', { automations: { a: [] } }],
    ['a file that is a list', { files: { 'automations/a.yaml': [] } }],
    ['an empty file', { files: { 'automations/a.yaml': null } }],
  ])('cannot be %s', (_, written) => {
    expect(played({ ...written, start: { slug: 'a' } })).toMatchObject({
      state: 'failed',
      error: 'language.document_invalid',
      emits: [],
      http: null,
      effects: [],
    });
  });

  it('live in apps, too, each with its configuration', () => {
    const mail = { automations: { send: { do: [], output: '{{config.from}}' } }, config: { from: 'a@b' } };
    const crm = {
      app: 'Crm',
      automations: { sync: { do: [{ 'mail.send': { output: 'x' } }], output: ['{{x}}', '{{config.key}}', '{{run.appSlug}}'] } },
      config: { key: 1 },
      apps: { mail },
    };
    expect(played({ apps: { crm, broken: 1 }, start: { slug: 'crm.sync' } })['output']).toEqual(['a@b', 1, 'Crm']);
  });
});

describe('an offline run', () => {
  it('begins by a payload, an event or a request', () => {
    const body = {
      when: { events: 'x.y', endpoint: 'in/:id' },
      do: [],
      output: ['{{n}}', '{{type}}', '{{subject}}', '{{source.a}}', '{{pathParams.id}}', '{{method}}'],
    };
    const output = (start: JsonMap): Json => run(body, { start })['output'] ?? null;
    expect(output({ slug: 'a', payload: { n: 1 } })).toEqual([1, null, null, null, null, null]);
    expect(output({ event: { type: 'x.y', subject: 's', source: { a: 2 } } })).toEqual([null, 'x.y', 's', 2, null, null]);
    expect(output({ slug: 'a', event: { type: 'other', source: 1, payload: 2 } })).toEqual([null, 'other', null, null, null, null]);
    expect(output({ request: { path: 'in/7', method: 'POST' } })).toEqual([null, null, null, null, '7', 'post']);
    expect(output({ slug: 'a', request: { pathParams: { id: 8 }, headers: { A: 'b' } } })).toEqual([null, null, null, null, 8, 'get']);
  });

  it('fails when nothing is there to begin', () => {
    expect(run({ do: [] }, { start: { event: { type: 'nobody' } } })).toMatchObject({
      state: 'failed',
      error: 'runtime.automation_not_found',
    });
    expect(run({ do: [] }, { start: { request: { path: 'nowhere' } } })).toMatchObject({ state: 'stuck', output: null });
    expect(run({ do: [] }, { start: 1 })).toMatchObject({ state: 'failed', error: 'runtime.automation_not_found' });
  });

  it('acts for whom the case says', () => {
    expect(run({ do: [], output: ['{{user.id}}', '{{session.id}}'] })['output']).toEqual(['usr_offline', 'ses_offline']);
    expect(run({ do: [], output: ['{{user.id}}', '{{session.id}}'] }, { principal: { userId: 'u', sessionId: 's' } })['output']).toEqual([
      'u',
      's',
    ]);
  });

  it('answers as HTTP: headers until the first chunk, then chunks', () => {
    const http = (value: Json): JsonMap => ({ set: { name: '$http', value } });
    const body = {
      do: [
        http({ status: 201, headers: { A: '1' } }),
        http({ headers: { B: '2' } }),
        http({ chunk: 'x' }),
        http({ status: 500, headers: { C: '3' }, chunk: 'y' }),
      ],
    };
    expect(run(body, { start: { slug: 'a', request: {} } })['http']).toEqual({
      status: 201,
      headers: { a: '1', b: '2' },
      chunks: ['x', 'y'],
    });
    expect(run({ do: [http({ headers: {} })] }, { start: { slug: 'a', request: {} } })['http']).toEqual({
      status: 200,
      headers: {},
      chunks: [],
    });
  });

  it('shows requests as an author writes them', () => {
    const fetch = { url: 'http://a/b?c=d', query: { e: [1, 2], f: null }, headers: { X: 'y' }, body: { z: 1 }, method: 'post' };
    expect(run({ do: [{ fetch }] }, { effects: [{ effect: 'fetch' }] })['effects']).toEqual([
      { effect: 'fetch', request: { url: 'http://a/b?c=d&e=1&e=2', method: 'POST', headers: { x: 'y' }, body: { z: 1 } } },
    ]);
  });

  it('tells how many answers were not used up', () => {
    const effects = [
      { effect: 'fetch', times: 3 },
      { effect: 'fetch', match: { method: 'PUT' } },
      { effect: 'action', times: 'always' },
    ];
    expect(run({ do: [{ fetch: { url: 'http://a' } }] }, { effects })['unused']).toBe(2);
  });
});

describe('the answers to effects', () => {
  const output = (instruction: JsonMap, effects: Json, more: JsonMap = {}): JsonMap =>
    run({ do: [instruction], output: '{{x}}' }, { effects, ...more });
  const fetching = (more: JsonMap = {}): JsonMap => ({ fetch: { url: 'http://a', output: 'x', ...more } });

  it.each<[string, JsonMap, Json, JsonMap]>([
    ['none', fetching(), [], { error: 'offline.no_result' }],
    ['a body', fetching(), [{ effect: 'fetch', result: { body: 1 } }], { output: 1 }],
    [
      'one that fits',
      fetching(),
      [
        { effect: 'fetch', match: { method: 'PUT' }, result: { body: 1 } },
        { effect: 'fetch', match: { method: 'GET' }, result: { body: 2 } },
      ],
      { output: 2 },
    ],
    ['a code', fetching(), [{ effect: 'fetch', error: 'x.y' }], { error: 'x.y' }],
    [
      'an error',
      fetching(),
      [{ effect: 'fetch', error: { code: 'x.y', message: 'No.', details: [1] } }],
      { failure: expect.objectContaining({ message: 'No.', details: [1] }) as unknown as Json },
    ],
    [
      'another after a status that is tried again',
      fetching(),
      [
        { effect: 'fetch', result: { status: 503 } },
        { effect: 'fetch', result: { body: 3 } },
      ],
      { output: 3, now: '2026-01-01T00:00:01.000Z' },
    ],
    [
      'another after an error that is tried again',
      fetching(),
      [
        { effect: 'fetch', error: { code: 'x', retryable: true } },
        { effect: 'fetch', result: { body: 3 } },
      ],
      { output: 3 },
    ],
    [
      'another after a status the retry names',
      fetching({ retry: { attempts: 2, on: '4xx' } }),
      [
        { effect: 'fetch', result: { status: 404 } },
        { effect: 'fetch', result: { body: 3 } },
      ],
      { output: 3 },
    ],
    [
      'none more when the retry does not name it',
      fetching({ retry: { attempts: 2, on: ['x.z'] }, outputMode: 'detailed_response' }),
      [{ effect: 'fetch', result: { status: 503 } }],
      { output: { status: 503, headers: {}, body: null } },
    ],
    [
      'the last when attempts are used up',
      fetching({ retry: { attempts: 2 } }),
      [{ effect: 'fetch', result: { status: 503, body: 1 }, times: 2 }],
      { output: 1, unused: 0 },
    ],
    [
      'none within its time',
      fetching({ timeout: 1, retry: { attempts: 1 } }),
      [{ effect: 'fetch', result: {}, after: '2s' }],
      { error: 'runtime.step_timeout' },
    ],
    [
      'one within its time',
      fetching({ timeout: 5 }),
      [{ effect: 'fetch', result: { body: 1 }, after: '2s' }],
      { output: 1, now: '2026-01-01T00:00:02.000Z' },
    ],
    [
      'the outputs of an action',
      { action: { name: 'p', output: 'x' } },
      [{ effect: 'action', match: { name: 'p', inputs: {} }, result: { n: 1 } }],
      { output: { n: 1 } },
    ],
    [
      'a decision',
      { approve: { title: 't', to: {}, deadline: '1h', output: 'x' } },
      [{ effect: 'approve', result: { decision: 'approved' }, after: '1m' }],
      { output: { decision: 'approved', by: 'usr_offline', at: '2026-01-01T00:01:00.000Z', form: {} } },
    ],
    [
      'no decision',
      { approve: { title: 't', to: {}, deadline: '1h', output: 'x' } },
      [],
      { output: { decision: 'expired', by: null, at: '2026-01-01T01:00:00.000Z', form: {} } },
    ],
    [
      'an error instead of a decision',
      { approve: { title: 't', to: {}, deadline: '1h' } },
      [{ effect: 'approve', error: 'x.y' }],
      { error: 'x.y' },
    ],
    ['a stream', { repeat: { on: { $stream: 9 }, do: [] } }, [], { error: 'runtime.stream_lost' }],
    ['no topic', { joinUserTopic: { topic: 't', create: false } }, [], { error: 'runtime.topic_not_found' }],
    ['no event in time', { wait: { oneOf: { event: 'y' }, output: 'x' } }, [], { output: null, now: '2026-01-01T00:00:20.000Z' }],
    [
      'an event',
      { wait: { oneOf: { event: 'y' }, output: 'x' } },
      [{ effect: 'wait', events: [{ type: 'y', id: 'evt_1', payload: { n: 1 }, after: '5s' }] }],
      { output: expect.objectContaining({ id: 'evt_1', createdAt: '2026-01-01T00:00:05.000Z' }) as unknown as Json },
    ],
  ])('are %s', (...[_, instruction, effects, expected]) => {
    expect(output(instruction, effects)).toMatchObject(expected);
  });

  it('are given to the automations that events start only when the case says so', () => {
    const automations = {
      a: { do: [{ emit: { event: 'x.y', payload: { n: 1 } } }] },
      b: { when: { events: 'x.*' }, do: [{ emit: { event: 'z', payload: '{{payload}}' } }] },
    };
    const emits = (more: JsonMap): Json => played({ automations, start: { slug: 'a' }, ...more })['emits'] ?? null;
    expect(emits({})).toEqual([{ event: 'x.y', payload: { n: 1 } }]);
    expect(emits({ dispatch: true })).toEqual([
      { event: 'x.y', payload: { n: 1 } },
      { event: 'z', payload: { n: 1 } },
    ]);
  });

  it('fill one bucket for each name and consumer', () => {
    const limited = (consumer: string): JsonMap => ({
      rateLimit: { name: 'n', window: '1m', limit: 1, consumer, break: false, output: 'l[]' },
    });
    const body = { do: [limited('a'), limited('a'), limited('b')], output: '{{l}}' };
    expect(run(body)['output']).toMatchObject([
      { ok: true, remaining: 0, window: 60 },
      { ok: false, retryAfter: 60 },
      { ok: true, consumer: 'b' },
    ]);
  });
});
