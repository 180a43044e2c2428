import { describe, expect, it } from '@jest/globals';
import type { Json, JsonMap } from '@millrace/kernel';
import { plan } from '../plan/compile';
import type { Plan } from '../plan/plan';
import type { EffectError } from '../problems/failure';
import { start, step } from './step';
import type { Begin, Turn } from './turn';

const planOf = (body: string, workspace = ''): Plan =>
  plan({
    automations: [{ file: 'automations/a.yaml', text: body }],
    ...(workspace === '' ? {} : { workspace: { file: 'workspace.yaml', text: workspace } }),
  });

const begin = (more: Partial<Begin> = {}): Begin => ({
  run: 'run_1',
  slug: 'a',
  locals: {},
  trigger: { type: 'test', value: 'a' },
  workspaceId: 'ws_1',
  correlationId: 'cor_1',
  depth: 1,
  identity: { userId: 'usr_1', sessionId: 'ses_1' },
  seed: 'seed',
  now: 0,
  ...more,
});

const errorOf = (turn: Turn): Json | undefined => {
  const { ended } = turn;
  return ended !== undefined && 'error' in ended ? (ended.error as unknown as JsonMap) : undefined;
};

describe('a run that cannot start', () => {
  it.each([
    ['an unknown automation', 'do: []', { slug: 'b' }, 'runtime.automation_not_found', 'There is no automation b.'],
    ['a disabled one', 'disabled: true\ndo: []', {}, 'runtime.automation_not_found', 'The automation a is disabled.'],
    [
      'data nested too deeply',
      'do: []',
      { locals: { a: JSON.parse('['.repeat(70) + ']'.repeat(70)) as Json } },
      'language.type',
      'more than 64 deep',
    ],
  ])('because of %s ends with its error', (...[_, body, more, code, message]) => {
    const turn = start(planOf(body), begin(more));
    expect(turn).toMatchObject({ state: null, effects: [], dropped: [] });
    expect(errorOf(turn)).toMatchObject({ code, message: expect.stringContaining(message) });
  });

  it('says which arguments are wrong', () => {
    const turn = start(
      planOf('arguments: { n: { type: number, required: true }, m: { type: number } }\ndo: []'),
      begin({ locals: { m: 'x' } }),
    );
    expect(errorOf(turn)).toMatchObject({
      code: 'language.arguments_invalid',
      refusal: 'invalid',
      details: [
        { pointer: '/n', detail: 'is required' },
        { pointer: '/m', detail: 'must be number' },
      ],
    });
  });
});

describe('a signal', () => {
  const waiting = planOf(
    'do:\n  - try:\n      do:\n        - all:\n            - sleep: { for: 1h }\n            - - fetch: { url: "http://a" }\n            - comment: done\n      catch: [{ emit: { event: caught } }]\n      finally: [{ emit: { event: finally } }]',
  );

  it('of cancellation ends the run at once, and gives up what was asked for', () => {
    const { state } = start(waiting, begin());
    const turn = step(waiting, state, [{ signal: 'cancel', at: 1, error: { code: 'x', message: 'by Ada' } }]);
    expect(turn).toMatchObject({ ended: { cancelled: true, reason: 'by Ada' }, effects: [], dropped: ['0/0/0', '0/0/1/0'] });
  });

  it('of cancellation needs no reason', () => {
    const { state } = start(waiting, begin());
    expect(step(waiting, state, [{ signal: 'cancel', at: 1 }]).ended).toEqual({ cancelled: true });
  });

  it('of failure ends the run as timed out, or as it says', () => {
    const { state } = start(waiting, begin());
    expect(errorOf(step(waiting, state, [{ signal: 'fail', at: 1 }]))).toEqual({
      code: 'runtime.run_timeout',
      refusal: 'unavailable',
      message: 'The run was ended: runtime.run_timeout.',
    });
    const error = { code: 'runtime.run_limit', message: 'Too long.', details: { a: 1 }, refusal: 'exhausted' as const };
    expect(errorOf(step(waiting, state, [{ signal: 'fail', at: 1, error }]))).toEqual(error);
  });

  it('gives up what branches share once, and the yield that holds them', () => {
    const p = planOf(
      'do: [{ all: [{ emit: { event: "{{global.x}}" } }, { emit: { event: "{{global.x}}" } }, { repeat: { until: 600, do: [{ comment: a }] } }] }]',
    );
    const { state } = start(p, begin());
    expect(step(p, state, [{ signal: 'cancel', at: 1 }]).dropped).toEqual(['yield#1', '0/0:global~1']);
  });

  it('stays the end of the run', () => {
    const { state } = start(waiting, begin());
    const again = (signal: 'cancel' | 'fail', error?: { code: string; message: string }): Turn =>
      step(waiting, step(waiting, state, [{ signal, at: 1, ...(error === undefined ? {} : { error }) }]).state, []);
    expect(again('cancel', { code: 'x', message: 'by Ada' }).ended).toEqual({ cancelled: true, reason: 'by Ada' });
    expect(again('fail').ended).toMatchObject({ error: { code: 'runtime.run_timeout' } });
  });

  it('comes too late for a run that has ended', () => {
    const p = planOf('do: [{ sleep: { for: 1h } }]\noutput: done');
    const { state } = start(p, begin());
    const turn = step(p, state, [
      { effect: '0', at: 1 },
      { signal: 'cancel', at: 1 },
    ]);
    expect(turn).toMatchObject({ ended: { output: 'done' }, dropped: [] });
  });

  it('wins over the outcomes behind it', () => {
    const { state } = start(waiting, begin());
    const turn = step(waiting, state, [
      { signal: 'cancel', at: 1 },
      { effect: '0/0/0', at: 1, error: { code: 'x' } },
    ]);
    expect(turn).toMatchObject({ ended: { cancelled: true }, effects: [] });
  });

  it('of a run that is held by nothing drops nothing', () => {
    const done = planOf('do: []');
    const { state } = start(done, begin());
    expect(step(done, state, [{ signal: 'cancel', at: 1 }]).dropped).toEqual([]);
  });
});

describe('an outcome', () => {
  it('of an effect nobody awaits changes nothing but the time', () => {
    const p = planOf('do: [{ sleep: { for: 1h } }]');
    const { state } = start(p, begin());
    expect(step(p, state, [{ effect: '7', at: 5, value: 1 }])).toEqual({
      state: { ...(state as JsonMap), now: 5 },
      effects: [],
      dropped: [],
    });
  });

  it('never turns the clock back', () => {
    const p = planOf('do: [{ fetch: { url: "http://a" } }]\noutput: "{% now() %}"');
    const { state } = start(p, begin({ now: 1000 }));
    expect(step(p, state, [{ effect: '0', at: 5, value: {} }]).ended).toEqual({ output: '1970-01-01T00:00:01.000Z' });
  });

  it('nested too deeply is an error that can be caught', () => {
    const p = planOf(
      'do:\n  - try:\n      do: [{ fetch: { url: "http://a" } }]\n      catch: [{ set: { name: c, value: "{{$error.code}}" } }]\noutput: "{{c}}"',
    );
    const { state } = start(p, begin());
    const value = { body: JSON.parse('['.repeat(70) + ']'.repeat(70)) as Json };
    expect(step(p, state, [{ effect: '0/0', at: 1, value }]).ended).toEqual({ output: 'language.type' });
  });

  it('that is an error has the refusal it was given', () => {
    const p = planOf(
      'do:\n  - try: { do: [{ fetch: { url: "http://a" } }], catch: [{ set: { name: e, value: "{{$error}}" } }] }\noutput: ["{{e.refusal}}", "{{e.code}}"]',
    );
    const { state } = start(p, begin());
    const refused = (error: EffectError): unknown => step(p, state, [{ effect: '0/0', at: 1, error }]).ended;
    expect(refused({ code: 'x.y', refusal: 'invalid' })).toEqual({ output: ['invalid', 'x.y'] });
    const details = JSON.parse('['.repeat(70) + ']'.repeat(70)) as Json;
    expect(refused({ code: 'x.y', details })).toEqual({ output: ['invalid', 'language.type'] });
  });

  it('that is an error says what it has to, or which effect failed', () => {
    const p = planOf('do: [{ fetch: { url: "http://a" } }]');
    const { state } = start(p, begin());
    expect(errorOf(step(p, state, [{ effect: '0', at: 1, error: { code: 'x.y' } }]))).toMatchObject({
      code: 'x.y',
      refusal: 'unavailable',
      message: '`fetch` failed: x.y.',
      automation: 'a',
      step: '0',
      line: 1,
      column: 8,
    });
    const error = { code: 'x.y', message: 'No.', details: [1] };
    expect(errorOf(step(p, state, [{ effect: '0', at: 1, error }]))).toMatchObject(error);
  });
});

describe('a state', () => {
  it('of another version, or none, is a fault', () => {
    const p = planOf('do: []');
    expect(() => step(p, null, [])).toThrow('no state of a run');
    expect(() => step(p, { v: 0 }, [])).toThrow('no state of a run');
  });

  it('is a fault when the plan does not know its automation', () => {
    const { state } = start(planOf('do: [{ sleep: { for: 1h } }]'), begin());
    expect(() => step(plan({ automations: [] }), state, [{ effect: '0', at: 1 }])).toThrow('the plan has no automation a');
  });
});

describe('a limit', () => {
  it.each<[string, string, string]>([
    ['instructions', 'runMaxInstructions: 3', '{ repeat: { until: 9, do: [{ comment: a }] } }'],
    ['effects', 'runMaxEffects: 2', '{ repeat: { until: 9, do: [{ emit: { event: a } }] } }'],
    ['passes', 'repeatMax: 3', '{ repeat: { until: 4, do: [] } }'],
    ['branches', 'allMax: 1', '{ all: [{ comment: a }, { comment: b }] }'],
    [
      'variables',
      'runMaxState: 1000',
      '{ repeat: { until: 99, do: [{ set: { name: "l[]", value: "{{item}} and a text that is somewhat longer" } }] } }',
    ],
  ])('of %s ends the run', (_, limits, instruction) => {
    const turn = start(planOf(`do: [${instruction}]`, `limits: { ${limits} }`), begin());
    expect(errorOf(turn)).toMatchObject({ code: 'runtime.run_limit', refusal: 'exhausted' });
  });

  it('of variables counts the contexts that are known, too', () => {
    const p = planOf(
      'do: [{ repeat: { until: 9, do: [{ set: { name: user.id, value: "{{item}}" } }, { set: { name: x, value: "{{user.n}}" } }] } }]',
      'limits: { runMaxState: 9000 }',
    );
    let turn = start(p, begin());
    const loads: string[] = [];
    while (turn.ended === undefined) {
      loads.push(...turn.effects.map(({ id }) => id));
      turn = step(p, turn.state, [{ effect: loads.at(-1) ?? '', at: 1, value: { value: { t: 'x'.repeat(3000) } } }]);
    }
    expect([errorOf(turn), loads.length]).toMatchObject([{ code: 'runtime.run_limit' }, 3]);
  });

  it('that ends the run is seen by neither catch nor finally', () => {
    const body =
      'do:\n  - try: { do: [{ comment: a }, { comment: b }, { comment: c }], catch: [{ emit: { event: x } }], finally: [{ emit: { event: y } }] }';
    const turn = start(planOf(body, 'limits: { runMaxInstructions: 3 }'), begin());
    expect([errorOf(turn), turn.effects]).toMatchObject([{ code: 'runtime.run_limit' }, []]);
  });

  it('of variables does not end a run whose variables are small though it writes many', () => {
    const body =
      'do: [{ repeat: { until: 99, do: [{ set: { name: t, value: "{{item}} and a text that is somewhat longer" } }] } }]\noutput: "{{t}}"';
    const turn = start(planOf(body, 'limits: { runMaxState: 2000 }'), begin());
    expect(turn.ended).toEqual({ output: '98 and a text that is somewhat longer' });
  });

  it('of the depth of calls can be caught', () => {
    const body = 'do:\n  - try: { do: [{ a: {} }], catch: [] }\noutput: "{{run.depth}}"';
    expect(start(planOf(body, 'limits: { runMaxDepth: 3 }'), begin()).ended).toEqual({ output: 1 });
    expect(errorOf(start(planOf('do: [{ a: {} }]', 'limits: { runMaxDepth: 3 }'), begin()))).toMatchObject({
      code: 'runtime.depth_exceeded',
    });
  });

  it('of work lets others have a turn: a run that does much yields and goes on', () => {
    const p = planOf('do: [{ repeat: { until: 600, do: [{ comment: a }] } }]\noutput: done');
    const first = start(p, begin());
    expect([first.ended, first.effects.map(({ id, kind, blocks }) => [id, kind, blocks])]).toEqual([
      undefined,
      [['yield#1', 'yield', true]],
    ]);
    expect(step(p, first.state, [{ effect: 'yield#1', at: 1 }]).ended).toEqual({ output: 'done' });
  });

  it('of work holds all branches of a run', () => {
    const p = planOf('do:\n  - all:\n      - repeat: { until: 600, do: [{ comment: a }] }\n      - emit: { event: b }');
    const first = start(p, begin());
    expect(first.effects.map(({ kind }) => kind)).toEqual(['yield']);
    const second = step(p, first.state, [{ effect: 'yield#1', at: 1 }]);
    expect([second.effects.map(({ kind }) => kind), second.ended]).toEqual([['emit'], { output: {} }]);
  });
});
