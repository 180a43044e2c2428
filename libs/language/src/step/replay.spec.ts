import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Json, JsonMap } from '@millrace/kernel';
import { plan } from '../plan/compile';
import type { Plan } from '../plan/plan';
import type { Effect } from './effects';
import { start, step } from './step';
import type { Begin, Outcome, Turn } from './turn';

const BEGIN: Begin = {
  run: 'run_1',
  slug: 'a',
  locals: { n: 2, t: 'text', l: [1, 2, 3], m: { k: { d: 1 } } },
  trigger: { type: 'test', value: 'a' },
  workspaceId: 'ws_1',
  correlationId: 'cor_1',
  depth: 1,
  identity: { userId: 'usr_1', sessionId: 'ses_1' },
  seed: 'seed',
  now: 0,
};

const path = fc.constantFrom('x', 'l', 'm.k', 'm.k.d', 'l[0]', 'list[]', 'global.g', 'global.l[]', 'user.u.v');
const value = fc.constantFrom<Json>(
  '{{x}}',
  '{{l}}',
  '{{m}}',
  '{{item}}',
  '{{global.g}}',
  '{% rand(1, 9) %}',
  '{% {{n}} + 1 %}',
  1,
  null,
  [1],
  { a: '{{m.k}}' },
);

const set = fc.record({ name: path, value, type: fc.constantFrom('replace', 'merge', 'push', 'increment') }).map((body) => ({ set: body }));

const leaf = fc.oneof<fc.Arbitrary<Json>[]>(
  set,
  set,
  path.map((name) => ({ delete: { name: name.replace('[]', '') } })),
  fc.constantFrom('fail', 'continue', 'emit', 'break').map((onError) => ({ fetch: { url: 'http://a', output: 'x', onError } })),
  path.map((output) => ({ fetch: { url: 'http://a', output } })),
  value.map((payload) => ({ emit: { event: 'told', payload: { payload } } })),
  fc.constant<Json>({ sleep: { for: '1s' } }),
  fc.constant<Json>({ wait: { oneOf: { event: 'x' }, output: 'x' } }),
  fc.constantFrom('automation', 'repeat', 'all').map((scope) => ({ break: { scope } })),
  fc.constantFrom<Json>({ b: { v: '{{x}}', output: 'y' } }, { b: { v: '{{m}}' } }),
);

const { instruction } = fc.letrec<{ instruction: Json }>((tie) => {
  const block = fc.array(tie('instruction'), { maxLength: 3 });
  return {
    instruction: fc.oneof(
      { maxDepth: 3 },
      leaf,
      block.map((body) => ({ conditions: { '{{n}} > 1': body, default: [] } })),
      fc
        .tuple(
          block,
          fc.constantFrom<JsonMap>(
            { on: '{{l}}' },
            { until: 2 },
            { on: '{{m}}', concurrency: 2 },
            { on: '{{l}}', batch: { size: 2, interval: 5 } },
          ),
        )
        .map(([body, how]) => ({ repeat: { ...how, do: body } })),
      fc.array(fc.oneof(tie('instruction'), block), { maxLength: 3 }).map((branches) => ({ all: branches })),
      fc.tuple(block, block, block).map(([attempt, handler, closing]) => ({ try: { do: attempt, catch: handler, finally: closing } })),
    ),
  };
});

const planOf = (body: Json): Plan =>
  plan({
    automations: [
      {
        file: 'automations/a.json',
        text: JSON.stringify({ do: body, output: ['{{x}}', '{{y}}', '{{l}}', '{{m}}', '{{list}}', '{{item}}'] }),
      },
      { file: 'automations/b.yaml', text: 'do: [{ set: { name: v.w, value: 1 } }]\noutput: "{{v}}"' },
    ],
  });

/** What comes of an effect: always the same for the same effect. */
function outcomeOf(effect: Effect, at: number): Outcome {
  const { id, kind } = effect;
  const luck = [...id].reduce((sum, character) => sum + character.charCodeAt(0), 0);
  if (kind === 'load') return { effect: id, at, value: { revision: 1, value: { g: luck, l: [luck], u: { v: 1 } } } };
  if (kind === 'fetch')
    return luck % 4 === 0 ? { effect: id, at, error: { code: 'x.failed' } } : { effect: id, at, value: { status: 200, body: { luck } } };
  return { effect: id, at, value: kind === 'wait' ? { type: 'x' } : null };
}

/** Plays a run, one outcome a turn; `keep` is what becomes of the state between two turns. */
function play(p: Plan, keep: (state: Json) => Json): readonly Omit<Turn, 'state'>[] {
  const turns: Turn[] = [start(p, BEGIN)];
  const open: Effect[] = [];
  for (let turn = turns[0]; turn !== undefined && turn.ended === undefined && turns.length < 60; turn = turns.at(-1)) {
    open.push(...turn.effects.filter(({ blocks }) => blocks));
    const dropped = new Set(turn.dropped);
    const next = open.splice(0).filter(({ id }) => !dropped.has(id));
    const [first, ...others] = next;
    if (first === undefined) break;
    open.push(...others);
    turns.push(step(p, keep(turn.state), [outcomeOf(first, turns.length)]));
  }
  return turns.map(({ effects, dropped, ended }) => ({ effects, dropped, ...(ended === undefined ? {} : { ended }) }));
}

function frozen(value: Json): Json {
  if (typeof value === 'object' && value !== null) {
    Object.freeze(value);
    for (const inner of Object.values(value)) frozen(inner);
  }
  return value;
}

describe('any run', () => {
  const body = fc.array(instruction, { maxLength: 4 });

  it('is the same whether its state was kept in memory or as JSON', () => {
    fc.assert(
      fc.property(body, (written) => {
        const p = planOf(written);
        expect(play(p, (state) => JSON.parse(JSON.stringify(state)) as Json)).toEqual(play(p, (state) => state));
      }),
      { numRuns: 300 },
    );
  });

  it('never changes a state it was given', () => {
    fc.assert(
      fc.property(body, (written) => {
        const p = planOf(written);
        expect(() => play(p, (state) => frozen(JSON.parse(JSON.stringify(state)) as Json))).not.toThrow();
      }),
      { numRuns: 300 },
    );
  });

  it('asks for each effect under an id of its own', () => {
    fc.assert(
      fc.property(body, (written) => {
        const ids = play(planOf(written), (state) => state).flatMap(({ effects }) => effects.map(({ id }) => id));
        expect(ids).toEqual([...new Set(ids)]);
      }),
      { numRuns: 300 },
    );
  });
});
