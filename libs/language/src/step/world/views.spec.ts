import { describe, expect, it } from '@jest/globals';
import type { Json, JsonMap } from '@millrace/kernel';
import { plan } from '../../plan/compile';
import type { Plan } from '../../plan/plan';
import { start, step } from '../step';
import type { Begin, Outcome, Turn } from '../turn';

const BEGIN: Begin = {
  run: 'run_1',
  slug: 'a',
  locals: { t: 'text' },
  trigger: { type: 'test', value: 'a' },
  workspaceId: 'ws_1',
  correlationId: 'cor_1',
  depth: 1,
  identity: { userId: 'usr_1', sessionId: 'ses_1' },
  seed: 'seed',
  now: 0,
};

const planOf = (body: string, workspace = 'name: w'): Plan =>
  plan({ automations: [{ file: 'automations/a.yaml', text: body }], workspace: { file: 'workspace.yaml', text: workspace } });

const READ = (name: string) => `{ set: { name: ${name}, value: "{{global.x}}" } }`;
const FAIL = '{ set: { name: "t[]", value: 1 } }';
const TEXT = '{ run: { module: text, function: lines } }';
const SLEEP = '{ sleep: { for: 1s } }';

const loaded = (value: JsonMap): Json => ({ revision: 1, value });

/** Takes a run on by one outcome: of the effect of an id, or of the only one of a kind. */
const stepped = (p: Plan, turn: Turn, effect: string, outcome: Partial<Outcome> = { value: null }): Turn =>
  step(p, JSON.parse(JSON.stringify(turn.state)) as Json, [{ effect, at: 1, ...outcome }]);

const asked = ({ effects }: Turn): readonly string[] => effects.map(({ id }) => id);

describe('the load of a context', () => {
  it('that was given up is asked for again when the context is read next', () => {
    const p = planOf(`do: [{ try: { do: [{ all: [${READ('x')}, ${FAIL}] }], catch: [] } }]\noutput: "{{global.x}}"`);
    const first = start(p, BEGIN);
    expect([asked(first), first.dropped]).toEqual([[':global~2'], []]);
    expect(stepped(p, first, ':global~2', { value: loaded({ x: 1 }) }).ended).toEqual({ output: 1 });
  });

  it('that was given up in a later turn is dropped, and its outcome means nothing any more', () => {
    const p = planOf(`do: [{ try: { do: [{ all: [${READ('x')}, [${SLEEP}, ${FAIL}]] }], catch: [] } }]\noutput: "{{global.x}}"`);
    const second = stepped(p, start(p, BEGIN), '0/0/1/0');
    expect([asked(second), second.dropped]).toEqual([[':global~2'], ['0/0/0:global~1']]);
    const third = stepped(p, second, '0/0/0:global~1', { value: loaded({ x: 1 }) });
    expect([asked(third), third.ended]).toEqual([[], undefined]);
    expect(stepped(p, third, ':global~2', { value: loaded({ x: 2 }) }).ended).toEqual({ output: 2 });
  });

  it('that branches share is dropped only when nobody awaits it any more', () => {
    const p = planOf(
      `do: [{ all: [{ try: { do: [{ all: [${READ('x')}, [${TEXT}, ${FAIL}]] }], catch: [] } }, ${READ('y')}] }]\noutput: "{{y}}"`,
    );
    const first = start(p, BEGIN);
    expect(asked(first)).toEqual(['0/0/0/0:global~1', '0/0/0/1/0']);
    const second = stepped(p, first, '0/0/0/1/0', { error: { code: 'x.y' } });
    expect([asked(second), second.dropped]).toEqual([[], []]);
    expect(stepped(p, second, '0/0/0/0:global~1', { value: loaded({ x: 1 }) }).ended).toEqual({ output: 1 });
  });

  it('that branches share fails for each of them', () => {
    const caught = `{ try: { do: [${READ('x')}], catch: [{ set: { name: x, value: "{{$error.code}}" } }] } }`;
    const p = planOf(`do: [{ all: [${caught}, ${caught.replaceAll('x,', 'y,')}] }]\noutput: ["{{x}}", "{{y}}"]`);
    const first = start(p, BEGIN);
    expect(stepped(p, first, '0/0/0:global~1', { error: { code: 'x.lost' } }).ended).toEqual({ output: ['x.lost', 'x.lost'] });
  });

  it('goes on while another comes', () => {
    const p = planOf(`do: [{ all: [${READ('x')}, { set: { name: y, value: "{{user.y}}" } }] }]\noutput: ["{{x}}", "{{y}}"]`);
    const second = stepped(p, start(p, BEGIN), '0/1:user~2', { value: loaded({ y: 2 }) });
    expect([asked(second), second.ended]).toEqual([[], undefined]);
    expect(stepped(p, second, '0/0:global~1', { value: loaded({ x: 1 }) }).ended).toEqual({ output: [1, 2] });
  });

  it('that is under way when the run writes shows the write', () => {
    const p = planOf(`do: [{ all: [${READ('x')}, { set: { name: global.x, value: 5 } }] }]\noutput: "{{global.x}}"`);
    const first = start(p, BEGIN);
    const second = stepped(p, first, '0/0:global~1', { value: loaded({ x: 1 }) });
    expect([asked(first), asked(second), second.ended]).toEqual([['0/0:global~1'], ['0/1:write'], { output: 5 }]);
  });

  it('that is under way when the run has waited shows how it was before, and is done again', () => {
    const p = planOf(`do: [{ all: [${READ('x')}, ${SLEEP}] }]\noutput: "{{x}}"`);
    const second = stepped(p, start(p, BEGIN), '0/1');
    const third = stepped(p, second, '0/0:global~1', { value: loaded({ x: 1 }) });
    expect([asked(third), third.ended]).toEqual([['0/0:global~2'], undefined]);
    expect(stepped(p, third, '0/0:global~2', { value: loaded({ x: 2 }) }).ended).toEqual({ output: 2 });
  });
});

describe('a write that is awaited', () => {
  it('shows the run what others wrote', () => {
    const p = planOf('do: [{ set: { name: global.n, type: increment, output: n } }]\noutput: ["{{n}}", "{{global.n}}"]');
    const second = stepped(p, start(p, BEGIN), '0:global~1', { value: loaded({ n: 1 }) });
    const third = stepped(p, second, '0:write', { value: { revision: 3, value: 7 } });
    expect([asked(second), asked(third)]).toEqual([['0:write'], [':global~2']]);
    expect(stepped(p, third, ':global~2', { value: loaded({ n: 7 }) }).ended).toEqual({ output: [7, 7] });
  });

  it('and refused lets the run see why', () => {
    const attempt = '{ set: { name: global.n, value: 1, expect: "{{global.n}}" } }';
    const p = planOf(`do: [{ try: { do: [${attempt}], catch: [{ set: { name: n, value: "{{global.n}}" } }] } }]\noutput: "{{n}}"`);
    const second = stepped(p, start(p, BEGIN), '0/0:global~1', { value: loaded({ n: 1 }) });
    const third = stepped(p, second, '0/0:write', { error: { code: 'runtime.context_conflict' } });
    expect(asked(third)).toEqual(['0/catch/0:global~2']);
    expect(stepped(p, third, '0/catch/0:global~2', { value: loaded({ n: 5 }) }).ended).toEqual({ output: 5 });
  });
});

describe('a write that is refused', () => {
  const tryTo = (write: string): string => `{ try: { do: [${write}], catch: [{ set: { name: c, value: "{{$error.code}}" } }] } }`;

  it('because the context would be too large leaves it as it was', () => {
    const big = (name: string) => `{ set: { name: "${name}", value: "{{big}}" } }`;
    const p = planOf(`do: [{ set: { name: global.x.y, value: 1 } }, ${tryTo(big('global.x.z'))}]\noutput: ["{{global.x}}", "{{c}}"]`);
    const first = start(p, { ...BEGIN, locals: { big: 'x'.repeat(600 * 1024) } });
    const second = stepped(p, first, '0:global~1', { value: loaded({}) });
    expect([asked(second), second.ended]).toEqual([['0:write'], { output: [{ y: 1 }, 'runtime.context_too_large'] }]);
  });

  it('because the configuration would not fit its schema leaves it as it was', () => {
    const p = planOf(
      `do: [{ set: { name: config.n, value: 1 } }, ${tryTo('{ set: { name: config.n, value: text } }')}]\noutput: ["{{config.n}}", "{{c}}"]`,
      'config: { schema: { properties: { n: { type: number } } } }',
    );
    const turn = start(p, { ...BEGIN, config: {} });
    expect([asked(turn), turn.ended]).toEqual([['0:write'], { output: [1, 'language.arguments_invalid'] }]);
  });

  it('counts names, too', () => {
    const name = 'n'.repeat(3000);
    const p = planOf(`do: [{ repeat: { until: 200, do: [{ set: { name: "global.x.${name}{{item}}", value: 1 } }] } }]`);
    const turn = stepped(p, start(p, BEGIN), '0#0/0:global~1', { value: loaded({}) });
    expect(turn.ended).toMatchObject({ error: { code: 'runtime.context_too_large' } });
  });
});
