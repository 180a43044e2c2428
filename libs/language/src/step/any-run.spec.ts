import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Json, JsonMap } from '@millrace/kernel';
import { isMap } from '../values/value';
import { plan } from '../plan/compile';
import type { Plan } from '../plan/plan';
import type { Effect } from './effects';
import type { RunState, ThreadState } from './state';
import { start, step } from './step';
import type { Begin, Outcome, Signal, Turn } from './turn';

const BEGIN: Begin = {
  run: 'run_1',
  slug: 'a',
  locals: { n: 2, t: 'text', l: [1, 2, 3], m: { k: { d: 1 } }, $http: {} },
  trigger: { type: 'endpoint', value: 'a' },
  workspaceId: 'ws_1',
  correlationId: 'cor_1',
  depth: 1,
  identity: { userId: 'usr_1', sessionId: 'ses_1' },
  seed: 'seed',
  now: 0,
};

const LOCALS = [
  'x',
  'l',
  'm.k',
  'm.k.d',
  'l[0]',
  'l[9]',
  'list[]',
  't.a',
  't[]',
  'm.{{x}}',
  'item',
  '$index',
  '$http.status',
  '$error.code',
];
const SHARED = ['global.g', 'global.l[]', 'global.m.k', 'user.u.v', 'session.n', 'config.c', 'run.id', 'user.id', 'global'];
const VALUES: readonly Json[] = [
  ...['{{x}}', '{{l}}', '{{m}}', '{{item}}', '{{$error}}', '{{global.g}}', '{{user.u}}', '{{session}}', '{{config.c}}', '{{missing}}'],
  ...['{% rand(1, 9) %}', '{% {{n}} + 1 %}', '{% {{t}} - 1 %}', '{% range(0, 40000).length %}', 'text', 201],
  ...[1, null, [1], { a: '{{m.k}}' }, ['{{global.l}}', '{{x}}']],
];

const path = fc.constantFrom(...LOCALS, ...LOCALS, ...SHARED);
const value = fc.constantFrom(...VALUES);
const maybe = (arbitrary: fc.Arbitrary<Json>): fc.Arbitrary<Json> => fc.oneof(fc.constant(undefined as unknown as Json), arbitrary);
const options = { output: maybe(path), onError: maybe(fc.constantFrom('fail', 'continue', 'emit', 'break')) };
const onTimeout = maybe(fc.constant('fail'));
const stepOf = (name: string, fields: Readonly<Record<string, fc.Arbitrary<Json>>>): fc.Arbitrary<Json> =>
  fc.record({ ...fields, ...options }).map((body) => ({ [name]: body }));

const STREAM: Json = { event: 'part', concatenate: { path: 'data', throttle: 2 }, endChunk: { done: true } };

const set = stepOf('set', {
  name: path,
  value: maybe(value),
  type: maybe(fc.constantFrom('merge', 'push', 'increment')),
  expect: maybe(fc.constantFrom<Json>(null, 1)),
});

const leaf = fc.oneof<fc.Arbitrary<Json>[]>(
  set,
  set,
  set,
  stepOf('delete', { name: path }),
  stepOf('emit', { event: fc.constantFrom('told', 'no name', 'runtime.told'), payload: maybe(value.map((one) => ({ one }))) }),
  stepOf('fetch', {
    url: fc.constantFrom('http://a', 'nowhere'),
    expect: maybe(fc.constant(['2xx'])),
    stream: maybe(fc.constant(STREAM)),
    outputMode: maybe(fc.constant('detailed_response')),
  }),
  stepOf('wait', { oneOf: fc.constant<Json>([{ event: 'x' }]), onTimeout }),
  stepOf('sleep', { for: fc.constantFrom('0s', '1s') }),
  stepOf('action', { name: fc.constant('act'), inputs: maybe(fc.constant({ x: '{{x}}' })) }),
  stepOf('approve', { title: fc.constant('t'), to: fc.constant({}), deadline: fc.constant('1h'), onTimeout }),
  stepOf('rateLimit', { name: fc.constant('r'), window: fc.constant('1m'), limit: fc.constant(1), break: maybe(fc.boolean()) }),
  stepOf('createUserTopic', { topic: fc.constantFrom('t', '{{x}}', '{{global.t}}') }),
  stepOf('joinUserTopic', { topic: fc.constant('t'), create: maybe(fc.boolean()) }),
  stepOf('leaveUserTopic', { topic: fc.constant('t') }),
  stepOf('auth', { audience: maybe(fc.constantFrom('{{x}}', '{{user.u}}')) }),
  stepOf('run', { module: fc.constant('text'), function: fc.constant('lines') }),
  fc.record({ scope: fc.constantFrom('automation', 'repeat', 'all'), payload: maybe(value) }).map((body) => ({ break: body })),
  fc
    .constantFrom('b', 'guarded', 'picky', 'unknown', 'a')
    .chain((slug) => fc.record({ v: maybe(value), output: maybe(path) }).map((body) => ({ [slug]: body }))),
  fc.constant<Json>({ comment: 'nothing' }),
);

const FORKS: readonly JsonMap[] = [
  ...[{ on: '{{l}}' }, { until: 2 }, { on: '{{x.body}}', until: 3 }, { on: '{{x.body}}', concurrency: 2 }, { on: '{{x}}' }],
  ...[
    { on: '{{m}}', concurrency: 2 },
    { on: '{{l}}', batch: { size: 2, interval: 5 } },
    { until: 3, batch: { size: 2 }, output: 'x' },
  ],
];
const CONDITIONS = ['{{n}} > 1', '{{global.g}}', '{{x}} exists', '1 +'];

const { instruction } = fc.letrec<{ instruction: Json }>((tie) => {
  const block = fc.array(tie('instruction'), { maxLength: 3 });
  const branches = fc.array(fc.oneof(tie('instruction'), block), { maxLength: 4 });
  return {
    instruction: fc.oneof(
      { maxDepth: 3 },
      { weight: 4, arbitrary: leaf },
      fc
        .tuple(fc.constantFrom(...CONDITIONS), block, block)
        .map(([test, body, other]) => ({ conditions: { [test]: body, default: other } })),
      fc.tuple(block, fc.constantFrom(...FORKS)).map(([body, how]) => ({ repeat: { ...how, do: body } })),
      branches.map((list) => ({ all: list })),
      fc.tuple(branches, fc.constantFrom<Json>(1, 2, '{{n}}')).map(([list, concurrency]) => ({ all: { do: list, concurrency } })),
      fc.record({ do: block, catch: maybe(block), finally: block }).map((body) => ({ try: body })),
      fc.record({ do: block, catch: block }).map((body) => ({ try: body })),
    ),
  };
});

const OUTPUT = ['{{x}}', '{{l}}', '{{m}}', '{{list}}', '{{item}}', '{{$error}}', '{{global}}'];
const CALLEES = {
  b: { do: [{ set: { name: 'v.w', value: 1 } }, { fetch: { url: 'http://b', output: 'w' } }], output: ['{{v}}', '{{w}}', '{{user.u}}'] },
  guarded: { authorizations: { action: 'use' }, do: [{ emit: { event: 'used' } }, { break: { scope: 'all' } }], output: '{{v}}' },
  picky: { arguments: { v: { type: 'number' } }, do: [{ all: [{ set: { name: 'v', value: '{{session.n}}' } }] }], output: '{{v}}' },
};

interface Written {
  readonly body: readonly Json[];
  readonly limits: JsonMap;
}

const automation: fc.Arbitrary<Written> = fc.record({
  body: fc.array(instruction, { maxLength: 4 }),
  limits: fc.constantFrom<JsonMap>(
    {},
    {},
    { runMaxInstructions: 20 },
    { runMaxEffects: 4 },
    { runMaxState: 3000 },
    { repeatMax: 2, allMax: 3 },
  ),
});

function planOf({ body, limits }: Written): Plan {
  const files = Object.entries({ a: { do: body, output: OUTPUT }, ...CALLEES });
  return plan({
    automations: files.map(([slug, text]) => ({ file: `automations/${slug}.json`, text: JSON.stringify(text) })),
    workspace: { file: 'workspace.json', text: JSON.stringify({ limits: { runMaxDepth: 3, ...limits } }) },
  });
}

const NESTED: Json = { body: JSON.parse('['.repeat(70) + ']'.repeat(70)) as Json };
const ANSWERS: Readonly<Partial<Record<Effect['kind'], readonly Json[]>>> = {
  load: [
    { revision: 1, value: { g: 1, l: [1], u: { v: 1 }, n: 1, c: 2 } },
    { revision: 2, value: {} },
    { value: { g: [1], m: { k: 2 }, l: 'no list' } },
  ],
  write: [{ revision: 2, value: 1 }, { revision: 3 }],
  fetch: [{ status: 200, body: { luck: 1 } }, { status: 404, body: 'no' }, { status: 200, stream: 1 }, { stream: 2 }],
  chunk: [{ item: { index: 0, chunk: { data: 'a' } } }, { item: null }, { end: true }, { item: 1 }],
  wait: [{ type: 'x', payload: {} }, null],
  approve: [{ decision: 'approved' }, null],
  rateLimit: [{ ok: true }, { ok: false, retryAfter: 1 }],
  authorize: [{ allowed: true }, { allowed: false }],
  auth: [{ jwt: 'a token' }],
};

/** A sequence of choices that follows from a seed. */
function chooser(seed: number): <T>(from: readonly T[]) => T {
  let state = seed >>> 0;
  return <T>(from: readonly T[]): T => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return from[Math.floor((state / 2 ** 32) * from.length)] as T;
  };
}

type Choose = ReturnType<typeof chooser>;

function outcomeOf({ id, kind }: Effect, at: number, choose: Choose): Outcome {
  const odd = choose(['no', 'no', 'no', 'no', 'error', 'null', 'text', 'nested'] as const);
  if (odd === 'error') return { effect: id, at, error: { code: choose(['x.failed', 'runtime.step_timeout']) } };
  if (odd !== 'no') return { effect: id, at, value: odd === 'nested' ? NESTED : odd === 'text' ? 'text' : null };
  return { effect: id, at, value: choose(ANSWERS[kind] ?? [null, { some: 'value' }, [1]]) };
}

/** What whoever performs the effects of a run knows of it. */
class Performer {
  readonly asked = new Set<string>();
  readonly open = new Map<string, Effect>();
  private readonly past: Outcome[] = [];
  /** What was answered last: an earlier outcome of the same turn may make the run drop it. */
  private readonly told = new Set<string>();
  private at = 0;

  constructor(private readonly choose: Choose) {}

  take({ effects, dropped, ended, state }: Turn): void {
    expect(dropped.filter((id) => !this.open.has(id) && !this.told.has(id))).toEqual([]);
    expect(dropped).toEqual([...new Set(dropped)]);
    for (const id of dropped) this.retire(id);
    for (const effect of effects) {
      expect(this.asked).not.toContain(effect.id);
      this.asked.add(effect.id);
      if (effect.blocks) this.open.set(effect.id, effect);
    }
    const waiting = ended === undefined ? awaited(state as unknown as RunState) : [];
    expect(new Set(waiting)).toEqual(new Set(this.open.keys()));
    const shared = [...this.open.values()].filter(({ kind }) => kind === 'load').length;
    expect(waiting.filter((id) => this.open.get(id)?.kind !== 'load')).toHaveLength(this.open.size - shared);
    expect(ended === undefined).toBe(this.open.size > 0);
  }

  /** Some outcomes: of what is open in any order, now and then of what nobody awaits. */
  some(): readonly Outcome[] {
    const outcomes: Outcome[] = [];
    this.told.clear();
    for (let more = true; more; more = this.choose([true, false, false])) {
      this.at += this.choose([0, 1, 1000]);
      const strays = this.choose([false, false, false, true]) ? this.past : [];
      const effect = this.choose([...this.open.values()]) as Effect | undefined;
      if (strays.length > 0) outcomes.push(this.choose(strays));
      else if (effect !== undefined) outcomes.push(this.answered(effect));
    }
    return outcomes;
  }

  private answered(effect: Effect): Outcome {
    const outcome = outcomeOf(effect, this.at, this.choose);
    this.open.delete(effect.id);
    this.told.add(effect.id);
    this.past.push(outcome);
    return outcome;
  }

  private retire(id: string): void {
    this.open.delete(id);
    this.past.push({ effect: id, at: this.at, value: 1 });
  }
}

/** The effects that hold threads of a run, one for each thread. */
function awaited({ root, yielding }: RunState): readonly string[] {
  const held = (thread: ThreadState): readonly string[] => {
    const top = thread.frames.at(-1);
    if (top?.f === 'await') return [top.id];
    return top?.f === 'branches' ? top.threads.flatMap(held) : [];
  };
  return yielding === undefined ? held(root) : [yielding, ...held(root)];
}

const MOST = 3000;

/** Takes a run on by what came of its effects. */
type Advance = (p: Plan, state: Json, outcomes: readonly (Outcome | Signal)[]) => Turn;

/** Plays a run to its end; all turns. */
function play(written: Written, seed: number, advance: Advance): readonly Turn[] {
  const p = planOf(written);
  const choose = chooser(seed);
  const performer = new Performer(choose);
  const turns: Turn[] = [start(p, BEGIN)];
  for (let turn = turns[0]; turn !== undefined; turn = turns.at(-1)) {
    performer.take(turn);
    if (turn.ended !== undefined) return turns;
    expect(turns.length).toBeLessThan(MOST);
    const signal: Signal = { signal: choose(['cancel', 'fail']), at: 1 };
    turns.push(advance(p, turn.state, choose(ONE_IN_60) ? [signal] : performer.some()));
  }
  return turns;
}

const ONE_IN_60 = Array.from({ length: 60 }, (_, n) => n === 0);

function frozen(value: Json): Json {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) frozen(inner);
  }
  return value;
}

const inMemory: Advance = (p, state, outcomes) => step(p, frozen(state), outcomes);

const asJson: Advance = (p, state, outcomes) => step(p, JSON.parse(JSON.stringify(state)) as Json, outcomes);

/** One turn for each outcome. What one asks for may be given up by the next: together they do neither. */
const oneByOne: Advance = (p, state, outcomes) => {
  const apart = outcomes.reduce<Turn>((turn, outcome) => step(p, turn.state, [outcome]), { state, effects: [], dropped: [] });
  const together = step(p, state, outcomes);
  expect([apart.state, apart.ended]).toEqual([together.state, together.ended]);
  return together;
};

/** An error that a thread awaits ends the run, unless a yield holds it. */
const unforgiving: Advance = (p, state, outcomes) => {
  let before = state;
  for (const outcome of outcomes) {
    const run = before as unknown as RunState;
    const fails = 'effect' in outcome && outcome.error !== undefined && awaited(run).includes(outcome.effect);
    const turn = step(p, before, [outcome]);
    if (fails && run.yielding === undefined) expect(turn.ended).toHaveProperty('error');
    before = turn.state;
  }
  return step(p, state, outcomes);
};

/** An automation without what takes errors in. */
function withoutCatches({ body, limits }: Written): Written {
  const strict = JSON.parse(JSON.stringify(body), (key, value: Json) => {
    if (key === 'onError') return undefined;
    return isMap(value) && isMap(value['try']) ? { all: [value['try']['do'] ?? []] } : value;
  }) as readonly Json[];
  return { body: strict, limits };
}

describe('any run', () => {
  const holds = (promise: (written: Written, seed: number) => void): void =>
    fc.assert(fc.property(automation, fc.integer(), promise), { numRuns: 150 });

  it('ends, awaits what it asked for and nothing else, and never changes a state it was given', () => {
    holds((written, seed) => expect(play(written, seed, inMemory).at(-1)?.ended).toBeDefined());
  });

  it('without catches fails with the first error that comes of its effects', () => {
    holds((written, seed) => expect(play(withoutCatches(written), seed, unforgiving).at(-1)?.ended).toBeDefined());
  });

  it('is the same whether its state was kept in memory or as JSON', () => {
    holds((written, seed) => expect(play(written, seed, asJson)).toEqual(play(written, seed, inMemory)));
  });

  it('is the same whether outcomes come together or one by one', () => {
    holds((written, seed) => expect(play(written, seed, oneByOne).at(-1)?.ended).toBeDefined());
  });
});
