import { describe, expect, it } from '@jest/globals';
import type { Json, JsonMap } from '@millrace/kernel';
import { plan } from '../plan/compile';
import type { Plan } from '../plan/plan';
import type { WorkspaceSources } from '../workspace/sources';
import type { Effect } from './effects';
import { start, step } from './step';
import type { Begin, Outcome, Turn } from './turn';

const planOf = (body: string, more: Partial<WorkspaceSources> = {}): Plan =>
  plan({ automations: [{ file: 'automations/a.yaml', text: body }], ...more });

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
  now: 0,
  ...more,
});

const stepped = (p: Plan, { state }: Turn, ...outcomes: readonly (readonly [effect: string, more?: Partial<Outcome>])[]): Turn =>
  step(
    p,
    JSON.parse(JSON.stringify(state)) as Json,
    outcomes.map(([effect, more]) => ({ effect, at: 1, ...more })),
  );

const requests = ({ effects }: Turn, kind: Effect['kind']): readonly JsonMap[] =>
  effects.filter((effect) => effect.kind === kind).map(({ request }) => request as JsonMap);

const codeOf = ({ ended }: Turn): string | undefined => (ended !== undefined && 'error' in ended ? ended.error.code : undefined);

const FETCH = '{ fetch: { url: "http://a" } }';
const FAIL = '{ set: { name: "t[]", value: 1 } }';

describe('branches side by side', () => {
  it('are cancelled by an error; what an earlier turn asked for is given up', () => {
    const p = planOf(`do:\n  - all:\n      - ${FETCH}\n      - - { sleep: { for: 1s } }\n        - { break: { scope: "{{nowhere}}" } }`);
    const first = start(p, begin({ locals: { nowhere: 'x' } }));
    const second = stepped(p, first, ['0/1/0']);
    expect([second.dropped, codeOf(second)]).toEqual([['0/0'], 'language.argument_type']);
  });

  it('that are cancelled before the turn ends ask for nothing', () => {
    const p = planOf(`do:\n  - all:\n      - ${FETCH}\n      - ${FAIL}`);
    const turn = start(p, begin({ locals: { t: 'text' } }));
    expect(turn).toMatchObject({ effects: [], dropped: [], ended: { error: { code: 'language.type', step: '0/1' } } });
  });

  it.each<[string, string, Partial<Outcome>, string]>([
    ['an error', FETCH, { error: { code: 'x.y' } }, 'x.y'],
    [
      'an answer that is not as expected',
      '{ fetch: { url: "http://a", expect: 2xx } }',
      { value: { status: 404 } },
      'runtime.fetch_status',
    ],
    [
      'nothing, to a wait that must not fail',
      '{ wait: { oneOf: { event: x }, onTimeout: fail } }',
      { value: null },
      'runtime.wait_timeout',
    ],
    [
      'nothing, to an approval that must be given',
      '{ approve: { title: t, to: {}, deadline: 1h, onTimeout: fail } }',
      { value: null },
      'runtime.approval_expired',
    ],
    ['no leave for a call', '{ guarded: {} }', { value: { allowed: false } }, 'runtime.forbidden'],
    ['a context that cannot be loaded', '{ emit: { event: "{{global.x}}" } }', { error: { code: 'x.lost' } }, 'x.lost'],
  ])('are cancelled when one of them gets %s', (_, instruction, outcome, code) => {
    const guarded = { file: 'automations/guarded.yaml', text: 'authorizations: { action: use }\ndo: []' };
    for (const fork of [`all: [${instruction}, { sleep: { for: 1h } }]`, `repeat: { until: 2, concurrency: 2, do: [${instruction}] }`]) {
      const a = { file: 'automations/a.yaml', text: `do: [{ ${fork} }]` };
      const p = plan({ automations: [a, guarded] });
      const first = start(p, begin());
      const [asked, other] = first.effects.map(({ id }) => id);
      const second = stepped(p, first, [asked ?? '', outcome]);
      expect([codeOf(second), second.dropped]).toEqual([code, other === undefined ? [] : [other]]);
    }
  });

  it('end the automation when a rate limit that one of them reached does', () => {
    const p = planOf(
      'do: [{ all: [{ rateLimit: { name: n, window: 1m, limit: 1, output: r } }, { sleep: { for: 1h } }] }]\noutput: "{{r.ok}}"',
    );
    const second = stepped(p, start(p, begin()), ['0/0', { value: { ok: false } }]);
    expect([second.ended, second.dropped]).toEqual([{ output: false, break: true }, ['0/1']]);
  });

  it('stay cancelled whatever their finally comes to', () => {
    const cleanUp = (instruction: string) =>
      `repeat: { until: 2, do: [{ try: { do: [{ try: { do: [${FETCH}], finally: [${instruction}] } }], catch: [{ emit: { event: caught } }] } }] }`;
    for (const instruction of [FAIL, '{ break: { scope: repeat } }', `{ all: [${FAIL}] }`]) {
      const body = cleanUp(instruction);
      for (const branch of [`{ ${body} }`, `{ all: [{ ${body} }] }`]) {
        const p = planOf(`do: [{ all: [${branch}, [{ sleep: { for: 1s } }, { set: { name: "t.x", value: 1 } }]] }]`);
        const first = start(p, begin({ locals: { t: 'text' } }));
        const second = stepped(p, first, ['0/1/0']);
        expect([codeOf(second), second.effects, second.dropped]).toEqual(['language.path_invalid', [], [first.effects[0]?.id]]);
      }
    }
  });

  it('stay cancelled by a break, too', () => {
    const inner = `{ all: [{ try: { do: [${FETCH}], finally: [${FAIL}] } }] }`;
    const p = planOf(
      `do: [{ all: [{ try: { do: [${inner}], catch: [{ emit: { event: caught } }] } }, [{ sleep: { for: 1s } }, { break: {} }]] }]\noutput: out`,
    );
    const second = stepped(p, start(p, begin({ locals: { t: 'text' } })), ['0/1/0']);
    expect([second.ended, second.effects, second.dropped]).toEqual([{ output: 'out', break: true }, [], ['0/0/0/0/0']]);
  });

  it('end without their finally when the run has used up what it may', () => {
    const p = planOf(
      `do: [{ all: [{ try: { do: [${FETCH}], finally: [{ emit: { event: x } }] } }, [{ sleep: { for: 1s } }, { repeat: { until: 200000, do: [] } }]] }]`,
    );
    const second = stepped(p, start(p, begin()), ['0/1/0']);
    expect([codeOf(second), second.effects, second.dropped]).toEqual(['runtime.run_limit', [], ['0/0/0']]);
  });

  it('finish what their finally holds before the error goes on', () => {
    const p = planOf(
      `do:\n  - all:\n      - try: { do: [${FETCH}], finally: [{ sleep: { for: 1s } }, { emit: { event: cleaned } }] }\n      - ${FAIL}`,
    );
    const first = start(p, begin({ locals: { t: 'text' } }));
    expect(first.effects.map(({ id, kind }) => [id, kind])).toEqual([['0/0/finally/0', 'sleep']]);
    const second = stepped(p, first, ['0/0/finally/0']);
    expect([second.effects.map(({ kind }) => kind), codeOf(second)]).toEqual([['emit'], 'language.type']);
  });

  it('are cancelled with the branches inside of them', () => {
    const p = planOf(
      `do:\n  - all:\n      - all:\n          - try: { do: [${FETCH}], finally: [{ sleep: { for: 1s } }] }\n          - ${FETCH}\n      - - { sleep: { for: 1s } }\n        - ${FAIL}`,
    );
    const first = start(p, begin({ locals: { t: 'text' } }));
    const second = stepped(p, first, ['0/1/0']);
    expect([second.dropped, second.effects.map(({ id }) => id), second.ended]).toEqual([
      ['0/0/0/0', '0/0/1'],
      ['0/0/0/finally/0'],
      undefined,
    ]);
    expect(codeOf(stepped(p, second, ['0/0/0/finally/0']))).toBe('language.type');
  });

  it('go their way one after the other when one may run at once', () => {
    const p = planOf(`do: [{ all: { concurrency: "{{n}}", do: [${FETCH}, ${FETCH}] } }]\noutput: done`);
    const first = start(p, begin({ locals: { n: '1' } }));
    const second = stepped(p, first, ['0/0']);
    expect([first.effects.map(({ id }) => id), second.effects.map(({ id }) => id), stepped(p, second, ['0/1']).ended]).toEqual([
      ['0/0'],
      ['0/1'],
      { output: 'done' },
    ]);
    expect(codeOf(start(p, begin({ locals: { n: 'many' } })))).toBe('language.argument_type');
  });

  it('of nothing are through at once', () => {
    expect(start(planOf('do: [{ all: [] }, { all: { do: [] } }]\noutput: done'), begin()).ended).toEqual({ output: 'done' });
  });

  it('of a loop come in batches, with a pause between them', () => {
    const p = planOf(
      'do: [{ repeat: { on: [a, b, c], batch: { size: 2, interval: 500 }, do: [{ emit: { event: x, payload: { item: "{{item}}", at: "{{$index}}" } } }] } }]\noutput: done',
    );
    const first = start(p, begin());
    expect(first.effects.map(({ id, kind, request }) => [id, kind, request])).toMatchObject([
      ['0#0/0', 'emit', { payload: { item: 'a', at: 0 } }],
      ['0#1/0', 'emit', { payload: { item: 'b', at: 1 } }],
      ['0#2:pause', 'sleep', { until: 500 }],
    ]);
    const second = stepped(p, first, ['0#2:pause']);
    expect([requests(second, 'emit'), second.ended]).toMatchObject([[{ payload: { item: 'c', at: 2 } }], { output: 'done' }]);
  });

  it('of a loop come in batches without a pause, or by number alone', () => {
    const p = planOf(
      'do: [{ repeat: { until: 3, batch: { size: 2 }, do: [{ set: { name: "l[]", value: "{{item}}" } }] } }]\noutput: "{{l}}"',
    );
    expect(start(p, begin()).ended).toEqual({ output: [0, 1, 2] });
  });

  it('of a loop end with a break; what runs goes on to its end', () => {
    const p = planOf(
      `do:\n  - repeat:\n      on: [a, b, c]\n      concurrency: 2\n      output: found\n      do:\n        - conditions: { "{{item}} == b": [{ break: { scope: repeat, payload: "{{item}}" } }] }\n        - ${FETCH}\n        - set: { name: "l[]", value: "{{item}}" }\noutput: ["{{found}}", "{{l}}", "{{item}}"]`,
    );
    const first = start(p, begin());
    expect(first.effects.map(({ id }) => id)).toEqual(['0#0/1']);
    expect(stepped(p, first, ['0#0/1']).ended).toEqual({ output: ['b', ['a'], null] });
  });

  it('of a loop that more than one of them breaks give the payload of the first', () => {
    const p = planOf(
      'do: [{ repeat: { on: [a, b], concurrency: 2, output: found, do: [{ break: { scope: repeat, payload: "{{item}}" } }] } }]\noutput: "{{found}}"',
    );
    expect(start(p, begin()).ended).toEqual({ output: 'a' });
  });

  it('apply the writes of the branch whose break ended the automation', () => {
    const p = planOf(
      `do:\n  - all:\n      - - set: { name: a, value: 1 }\n        - ${FETCH}\n      - - set: { name: b, value: 2 }\n        - break: { scope: automation }\noutput: ["{{a}}", "{{b}}"]`,
    );
    expect(start(p, begin()).ended).toEqual({ output: [null, 2], break: true });
  });

  it('keep to themselves what belongs to their loops and catches', () => {
    const p = planOf(
      `do:\n  - all:\n      - repeat: { on: [x], do: [{ set: { name: item, value: y } }, { set: { name: seen, value: "{{item}}" } }] }\n      - try: { do: [${FAIL}], catch: [{ set: { name: $error.code, value: own } }, { set: { name: code, value: "{{$error.code}}" } }] }\noutput: ["{{item}}", "{{seen}}", "{{$error}}", "{{code}}"]`,
    );
    expect(start(p, begin({ locals: { t: 'text' } })).ended).toEqual({ output: [null, 'y', null, 'own'] });
  });
});

describe('a loop', () => {
  it('over what is neither list nor map nor stream is refused', () => {
    expect(codeOf(start(planOf('do: [{ repeat: { on: "{{t}}", do: [] } }]'), begin({ locals: { t: 'x' } })))).toBe('language.type');
  });

  it('over a map takes its entries, and gives item and $index back', () => {
    const p = planOf(
      'do: [{ repeat: { on: "{{m}}", do: [{ set: { name: "l[]", value: "{{item.key}}{{$index}}" } }] } }]\noutput: ["{{l}}", "{{item}}", "{{$index}}"]',
    );
    expect(start(p, begin({ locals: { m: { a: 1, b: 2 }, item: { mine: true }, $index: 'i' } })).ended).toEqual({
      output: [['a0', 'b1'], { mine: true }, 'i'],
    });
  });

  it('over a stream asks for one chunk after the other, to its end or as often as it says', () => {
    const body =
      'fetch: { url: "http://a", output: s } }, { repeat: { on: "{{s.body}}", PASSES do: [{ set: { name: "l[]", value: "{{item}}" } }] } }]\noutput: "{{l}}"';
    const p = planOf(`do: [{ ${body.replace('PASSES', '')}`);
    const opened = stepped(p, start(p, begin()), ['0', { value: { status: 200, stream: 3 } }]);
    expect(requests(opened, 'chunk')).toEqual([{ stream: 3 }]);
    const second = stepped(p, opened, ['1#0:chunk', { value: { item: 'a' } }]);
    expect(stepped(p, second, ['1#1:chunk', { value: { end: true } }]).ended).toEqual({ output: ['a'] });
    const once = planOf(`do: [{ ${body.replace('PASSES', 'until: 1,')}`);
    const read = stepped(once, start(once, begin()), ['0', { value: { status: 200, stream: 3 } }]);
    expect(stepped(once, read, ['1#0:chunk', { value: { item: 'b' } }]).ended).toEqual({ output: ['b'] });
    expect(stepped(once, read, ['1#0:chunk', { value: { item: null } }]).ended).toEqual({ output: [null] });
    expect(stepped(once, read, ['1#0:chunk', { value: null }]).ended).toEqual({ output: null });
  });
});

describe('an error of a step', () => {
  it.each([
    ['onError: continue, output: x', [], { output: null }],
    [
      'onError: emit, output: x',
      [{ event: 'error', payload: { code: 'x.y', automation: 'a', step: '0', position: { line: 1, column: 8 } } }],
      { output: null },
    ],
    ['onError: break, output: x', [], { output: 'before', break: true }],
  ])('with %s', (options, emits, ended) => {
    const p = planOf(`do: [{ fetch: { url: "http://a", ${options} } }]\noutput: "{{x}}"`);
    const turn = stepped(p, start(p, begin({ locals: { x: 'before' } })), ['0', { error: { code: 'x.y' } }]);
    expect([requests(turn, 'emit'), turn.ended]).toMatchObject([emits, ended]);
  });

  it.each([
    ['continue', [], { output: 'done' }],
    ['break', [], { output: 'done', break: true }],
    ['emit', [{ event: 'error', payload: { code: 'language.path_invalid', step: '0' } }], { output: 'done' }],
  ])('whose result cannot be put where it belongs goes by onError: %s', (onError, emits, ended) => {
    const p = planOf(`do: [{ emit: { event: x, output: "t.a", onError: ${onError} } }]\noutput: done`);
    const turn = start(p, begin({ locals: { t: 'text' } }));
    expect([requests(turn, 'emit').slice(1), turn.ended]).toMatchObject([emits, ended]);
  });

  it('that failed already, and whose null cannot be put anywhere, is told twice', () => {
    const p = planOf(`do: [{ fetch: { url: "http://a", output: "t.a", onError: emit } }]\noutput: done`);
    const turn = stepped(p, start(p, begin({ locals: { t: 'text' } })), ['0', { error: { code: 'x.y' } }]);
    expect([turn.effects.map(({ id }) => id), turn.ended]).toEqual([['0:error', '0:output:error'], { output: 'done' }]);
  });

  it('that a limit was reached of still ends the automation when its result cannot be kept', () => {
    const p = planOf('do: [{ rateLimit: { name: n, window: 1m, limit: 1, output: "t.a", onError: continue } }]\noutput: out');
    const turn = stepped(p, start(p, begin({ locals: { t: 'text' } })), ['0', { value: { ok: false } }]);
    expect(turn.ended).toEqual({ output: 'out', break: true });
  });

  it('in the midst of what it publishes is one of the step', () => {
    const p = planOf('do: [{ fetch: { url: "http://a", stream: { event: x }, output: r, onError: continue } }]\noutput: ["{{r}}"]');
    const opened = stepped(p, start(p, begin()), ['0', { value: { stream: 1 } }]);
    expect(stepped(p, opened, ['0#0:chunk', { error: { code: 'runtime.stream_lost' } }]).ended).toEqual({ output: [null] });
  });

  it('that is told when nothing more may be told ends the run', () => {
    const a = { file: 'automations/a.yaml', text: 'do: [{ fetch: { url: "http://a", onError: emit } }]' };
    const p = plan({ automations: [a], workspace: { file: 'workspace.yaml', text: 'limits: { runMaxEffects: 1 }' } });
    expect(codeOf(stepped(p, start(p, begin()), ['0', { error: { code: 'x.y' } }]))).toBe('runtime.run_limit');
  });

  it('is none of a call: an argument of that name is passed on', () => {
    const b = { file: 'automations/b.yaml', text: 'do: []\noutput: "{{onError}}"' };
    const a = { file: 'automations/a.yaml', text: 'do: [{ b: { onError: continue, output: x } }, { c: { onError: continue } }]' };
    const p = plan({ automations: [a, b] });
    expect(codeOf(start(p, begin()))).toBe('runtime.automation_not_found');
  });

  it('in the output of the automation has its place', () => {
    const turn = start(planOf('do: []\noutput: "{% 1 + %}"'), begin());
    expect(turn.ended).toMatchObject({ error: { code: 'language.expression_syntax', line: 2, step: '' } });
  });

  it('in a path that depends on something missing is told', () => {
    expect(codeOf(start(planOf('do: [{ set: { name: "a.{{u}}", value: 1 } }]'), begin()))).toBe('language.path_invalid');
    expect(codeOf(start(planOf('do: [{ set: { name: "a..b", value: 1 } }]'), begin()))).toBe('language.reference_syntax');
    expect(codeOf(start(planOf('do: [{ conditions: { "1 +": [] } }]'), begin()))).toBe('language.expression_syntax');
    expect(codeOf(start(planOf('do: [{ conditions: { "{{x}} - 1": [] } }]'), begin()))).toBe('language.expression_type');
  });
});

describe('an instruction without a body, or with one that only a run knows', () => {
  it.each<[string, object]>([
    ['{ break: }', { output: 'out', break: true }],
    ['{ break: "{{l}}" }', { output: 'out', break: true }],
    ['{ break: "{{m}}" }', { output: 7, break: true }],
    ['{ conditions: }', { output: 'out' }],
  ])('%s does what can be made of it', (instruction, ended) => {
    const turn = start(planOf(`do: [${instruction}]\noutput: out`), begin({ locals: { l: [1], m: { payload: 7 } } }));
    expect(turn.ended).toEqual(ended);
  });

  it('that is a call passes a map on, and nothing else', () => {
    const p = plan({
      automations: [
        { file: 'automations/a.yaml', text: 'do: [{ b: "{{m}}" }, { b: "{{l}}" }]' },
        { file: 'automations/b.yaml', text: 'do: [{ emit: { event: x, payload: { n: "{{n}}" } } }]' },
      ],
    });
    expect(requests(start(p, begin({ locals: { l: [1], m: { n: 7 } } })), 'emit')).toMatchObject([{ payload: { n: 7 } }, { payload: {} }]);
  });

  it.each([
    '{ set: { name: y, value: { a: { b: "{{x}}" } } } }',
    '{ set: { name: global.x, value: ["{{x}}"] } }',
    '{ set: { name: y.a.b, value: "{{x}}" } }',
    '{ emit: { event: x, payload: { a: { b: "{{x}}" } } } }',
    '{ b: { a: { b: "{{x}}" } } }',
  ])('that would nest data more than 64 deep is refused: %s', (instruction) => {
    const b = { file: 'automations/b.yaml', text: 'do: []' };
    const p = plan({ automations: [{ file: 'automations/a.yaml', text: `do: [${instruction}]` }, b] });
    const x = JSON.parse(`${'{"y":'.repeat(63)}1${'}'.repeat(63)}`) as Json;
    expect(start(p, begin({ locals: { x } })).ended).toMatchObject({ error: { code: 'language.type', step: '0' } });
  });

  it('that nests data 64 deep and no more is taken', () => {
    const x = JSON.parse(`${'{"y":'.repeat(63)}1${'}'.repeat(63)}`) as Json;
    const p = planOf(
      'do: [{ set: { name: l, value: ["{{x}}"] } }, { emit: { event: x, payload: { a: "{{x}}" } } }]\noutput: "{{l.length}}"',
    );
    expect(start(p, begin({ locals: { x } })).ended).toEqual({ output: 1 });
  });

  it('that takes too much work is refused', () => {
    expect(codeOf(start(planOf('do: []\noutput: "{% range(0, 60000).length + range(0, 60000).length %}"'), begin()))).toBe(
      'language.expression_budget',
    );
  });
});

describe('a call', () => {
  it('reads a context for its output at the place of the output', () => {
    const text = 'do: [{ comment: a }]\noutput: "{{global.x}}"';
    const turn = start(
      plan({
        automations: [
          { file: 'automations/a.yaml', text: 'do: [{ b: }]' },
          { file: 'automations/b.yaml', text },
        ],
      }),
      begin(),
    );
    expect(turn.effects).toMatchObject([{ id: '0>:global~1', place: { automation: 'b', line: 2 } }]);
  });

  const other = (text: string) => ({ file: 'automations/b.yaml', text });
  const both = (body: string, text: string, more: Partial<WorkspaceSources> = {}): Plan =>
    plan({ automations: [{ file: 'automations/a.yaml', text: body }, other(text)], ...more });

  it('asks for leave where a rule is needed', () => {
    const p = both('do: [{ b: { n: 1, output: x } }]\noutput: "{{x}}"', 'authorizations: { action: use }\ndo: []\noutput: "{{n}}"');
    const first = start(p, begin());
    expect(requests(first, 'authorize')).toEqual([{ action: 'use', slug: 'b' }]);
    expect(stepped(p, first, ['0:authorize', { value: { allowed: true } }]).ended).toEqual({ output: 1 });
    expect(codeOf(stepped(p, first, ['0:authorize', { value: { allowed: false } }]))).toBe('runtime.forbidden');
    expect(codeOf(stepped(p, first, ['0:authorize', { value: true }]))).toBe('runtime.forbidden');
  });

  it.each<[string, string, string]>([
    ['unknown', 'c', 'does not exist'],
    ['disabled', 'b', 'is disabled'],
    ['private in an app', 'crm.hidden', 'is private'],
    ['in an app of an app', 'crm.mail.send', 'does not exist'],
  ])('of an automation that is %s fails', (_, slug, why) => {
    const mail = { automations: [{ file: 'automations/send.yaml', text: 'do: []' }] };
    const crm = { automations: [{ file: 'automations/hidden.yaml', text: 'private: true\ndo: []' }], apps: { mail } };
    const turn = start(both(`do: [{ ${slug}: }]`, 'disabled: true\ndo: []', { apps: { crm } }), begin());
    expect(turn.ended).toMatchObject({ error: { code: 'runtime.automation_not_found', message: expect.stringContaining(why) } });
  });

  it('may say with its output whose contexts are read from then on', () => {
    const turn = start(both('do: [{ b: { output: user.id } }]\noutput: "{{user.id}} {{user.n}}"', 'do: []\noutput: usr_2'), begin());
    expect(requests(turn, 'load')).toEqual([{ context: 'user', instance: '', owner: 'usr_2' }]);
  });

  it('whose output is missing leaves null where it goes', () => {
    expect(
      start(both('do: [{ b: { output: x } }]\noutput: "{{x}}"', 'do: []\noutput: "{{u}}"'), begin({ locals: { x: 1 } })).ended,
    ).toEqual({ output: null });
  });

  it('is ended with its callers by a break of all', () => {
    const p = both('do: [{ b: }, { emit: { event: never } }]\noutput: mine', 'do: [{ break: { scope: all, payload: 1 } }]');
    expect(start(p, begin())).toMatchObject({ effects: [], ended: { output: 'mine', break: true } });
  });

  it('refuses arguments that do not fit, and fills in what was left out', () => {
    const p = both(
      'do: [{ b: { n: 1, output: x } }, { try: { do: [{ b: { n: text } }], catch: [{ set: { name: e, value: "{{$error.name}}" } }] } }]\noutput: ["{{x}}", "{{e}}"]',
      'arguments: { n: { type: number }, m: { default: 7 } }\ndo: []\noutput: "{{m}}"',
    );
    expect(start(p, begin()).ended).toEqual({ output: [7, 'InvalidArgumentsError'] });
  });
});

describe('the answer to a call of an endpoint', () => {
  const endpoint = (body: string, locals: JsonMap = { $http: {} }): Turn =>
    start(planOf(body), begin({ trigger: { type: 'endpoint', value: 'a' }, locals }));

  it.each<[string, JsonMap]>([
    ['{ set: { name: $http.status, value: 201 } }', { status: 201 }],
    ['{ set: { name: $http.headers.X-A, value: 1 } }', { headers: { 'x-a': '1' } }],
    ['{ set: { name: $http.chunk, value: [1] } }', { chunk: [1] }],
    ['{ set: { name: $http.sseKeepAlive, value: "6000" } }', { sseKeepAlive: 6000 }],
    ['{ set: { name: $http, value: { status: 204, headers: { A: { b: 1 } } } } }', { status: 204, headers: { a: '{"b":1}' } }],
    ['{ delete: { name: $http.status } }', {}],
    ['{ delete: { name: $http.headers.x } }', { headers: {} }],
    ['{ repeat: { until: 1, do: [{ set: { name: $http.sseKeepAlive, value: 5000 } }] } }', { sseKeepAlive: 5000 }],
  ])('%s is told', (instruction, expected) => {
    expect(requests(endpoint(`do: [${instruction}]`), 'reply')).toEqual([expected]);
  });

  it.each([
    '{ set: { name: $http.status, value: 99 } }',
    '{ set: { name: $http.sseKeepAlive, value: 10 } }',
    '{ set: { name: $http.status, value: a } }',
  ])('%s is refused', (instruction) => {
    expect(codeOf(endpoint(`do: [${instruction}]`))).toBe('language.argument_type');
  });

  it('is told nothing when $http is no map, or nobody called', () => {
    expect(requests(endpoint('do: [{ set: { name: $http, value: text } }]'), 'reply')).toEqual([]);
    expect(requests(start(planOf('do: [{ set: { name: $http.status, value: 201 } }]'), begin()), 'reply')).toEqual([]);
  });

  it('says when a limit was reached, and for how long', () => {
    const p = planOf('do: [{ rateLimit: { name: n, window: 1m, limit: 1 } }, { emit: { event: never } }]\noutput: out');
    const first = start(p, begin({ trigger: { type: 'endpoint', value: 'a' } }));
    const second = stepped(p, first, ['0', { value: { ok: false, retryAfter: 1.2 } }]);
    expect([requests(second, 'reply'), second.ended]).toEqual([
      [{ status: 429, headers: { 'retry-after': '2' } }],
      { output: 'out', break: true },
    ]);
    expect(requests(stepped(p, first, ['0', { value: { ok: false } }]), 'reply')).toMatchObject([{ headers: { 'retry-after': '0' } }]);
  });
});
