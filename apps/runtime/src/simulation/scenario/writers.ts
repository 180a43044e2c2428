import type { JsonMap } from '@millrace/kernel';
import { remember, tell, type Block, type Pen, type Writer } from './pen';

/** Longer than any simulation: such a wait ends by its event or never. */
const LONG = '6h';
const FAILING = { expect: ['2xx'] };

const note: Writer = (pen) => [remember(`note ${pen.place()}`)];

const count: Writer = (pen) => [
  {
    set: {
      name: pen.pick(['global.total', 'global.other', 'session.total', 'config.total']),
      type: 'increment',
      value: 1 + pen.chance.below(3),
    },
  },
];

const push: Writer = (pen) => [{ set: { name: 'global.list', type: 'push', value: pen.unique() } }];

const keep: Writer = (pen) => [{ set: { name: `global.by[{{me}}].at${pen.place()}`, value: '{{seen}}' } }];

const keepAndRead: Writer = (pen) => {
  const name = `global.by[{{me}}].read${pen.place()}`;
  return [{ set: { name, value: '{{n}}' } }, remember(`{{${name}}}`)];
};

/** Only one may have it; who is first, is chance, unless the place is the run's own. */
const claim: Writer = (pen) => {
  const owner = pen.isSure ? '[{{me}}]' : '';
  const name = `global.claims${owner}.at${pen.place()}`;
  return [{ try: { do: [{ set: { name, value: '{{me}}', expect: null } }, remember('claimed')], catch: [remember('{{$error.code}}')] } }];
};

const told: Writer = (pen) => [tell('told', pen.unique())];

const start: Writer = (pen) => (pen.next.length === 0 ? told(pen) : [tell(`to.${pen.pick(pen.next)}`, pen.unique())]);

function fetch(pen: Pen, path: string, more: JsonMap = {}): JsonMap {
  const place = pen.place();
  const body = { id: pen.unique(place), seen: '{{seen}}' };
  return { fetch: { url: `https://web.test/${path}`, method: 'post', body, output: 'got', outputMode: 'detailed_response', ...more } };
}

const fetchSame: Writer = (pen) => [fetch(pen, 'same'), remember('{{got.body.value}}')];

const fetchRefused: Writer = (pen) => [fetch(pen, 'refused'), remember('{{got.status}}')];

/** Each answer is another one: a repeat of it would be noticed. */
const fetchNext: Writer = (pen) => [fetch(pen, 'next'), remember('{{got.body.value}}')];

const fetchMoody: Writer = (pen) => [{ try: { do: fetchWith(pen, 'moody'), catch: [remember('{{$error.code}}'), ...some(pen.inside())] } }];

const fetchCaught: Writer = (pen) => [
  { try: { do: fetchWith(pen, pen.pick(['refused', 'away'])), catch: [remember('{{$error.code}}'), ...some(pen.inside())] } },
];

function fetchWith(pen: Pen, path: string): Block {
  return [fetch(pen, path, FAILING), remember('{{got.body.value}}')];
}

/** Asks somebody, who answers some time later, and waits for it. */
function ask(pen: Pen, event: string, more: JsonMap = {}): Block {
  const id = pen.unique();
  const answer = { event: 'answer', filters: { 'payload.id': id } };
  return [tell(event, id, { after: pen.chance.below(4) * 4_000, ...more }), { wait: { oneOf: [answer], timeout: LONG, output: 'answer' } }];
}

const askOutside: Writer = (pen) => [...ask(pen, 'ask'), remember('{{answer.payload.value}}')];

/** Another automation answers, whose events stand in line behind others of the same key. */
const askAutomation: Writer = (pen) => [...ask(pen, pen.isLimited ? 'ask' : 'query'), remember('{{answer.payload.value}}')];

/** Two answers come, one of them counts. */
const askTwo: Writer = (pen) => {
  const id = pen.unique();
  const oneOf = ['answer', 'rival'].map((event) => ({ event, filters: { 'payload.id': id } }));
  return [
    tell('ask', id, { after: pen.chance.below(2) * 4_000, rival: true }),
    { wait: { oneOf, timeout: LONG, output: 'answer' } },
    remember('{{answer.type}}'),
  ];
};

/** The answer comes about when nobody waits any more. */
const askLate: Writer = (pen) => {
  const id = pen.unique();
  const oneOf = [{ event: 'answer', filters: { 'payload.id': id } }];
  return [tell('ask', id, { after: 5_000 }), { wait: { oneOf, timeout: '5s', output: 'answer' } }, remember('{{answer.payload.value}}')];
};

const waitInVain: Writer = (pen) => [
  { wait: { oneOf: [{ event: 'never' }], timeout: `${2 + pen.chance.below(30)}s`, output: 'answer' } },
  remember('{{answer}}'),
];

const sleep: Writer = (pen) => [{ sleep: { for: `${1 + pen.chance.below(40)}s` } }];

const approve: Writer = (pen) => [
  { approve: { title: pen.unique(), to: { users: ['usr_boss'] }, deadline: LONG, output: 'decided' } },
  remember('{{decided.decision}}'),
];

const condition: Writer = (pen) => [
  { conditions: { [pen.isSure ? '{{n}} > 2' : '{{global.total}} > 3']: some(pen.inside()), default: some(pen.inside()) } },
];

const repeat: Writer = (pen) => (pen.isInLoop ? note(pen) : [{ repeat: { until: 2 + pen.chance.below(2), do: some(pen.insideLoop()) } }]);

const all: Writer = (pen) => [{ all: [some(pen.insideBranch()), some(pen.insideBranch())] }];

/** The branch that fails takes the other one, which waits, with it. */
const allFailing: Writer = (pen) => {
  const waiting = { wait: { oneOf: [{ event: 'never' }], timeout: LONG } };
  const failing = [tell('told', pen.unique()), fetch(pen, 'refused', FAILING)];
  return [{ try: { do: [{ all: [waiting, failing] }], catch: [remember('{{$error.code}}')] } }];
};

const readTotal: Writer = () => [remember('{{global.total}}')];

type Weighted = readonly (readonly [weight: number, writer: Writer])[];

const SIMPLE: Weighted = [
  [1, note],
  [4, count],
  [3, push],
  [2, keep],
  [2, keepAndRead],
  [2, claim],
  [3, told],
  [2, start],
  [4, fetchSame],
  [1, fetchRefused],
  [4, askOutside],
  [2, askAutomation],
  [2, waitInVain],
  [2, sleep],
  [1, approve],
];

const NESTED: Weighted = [
  [2, condition],
  [2, repeat],
  [2, all],
  [1, allFailing],
  [1, fetchCaught],
];

/** What depends on chance. */
const UNSURE: Weighted = [
  [5, fetchNext],
  [2, fetchMoody],
  [3, askTwo],
  [2, askLate],
  [3, readTotal],
];

/** A few instructions, whatever chance has it. */
export function some(pen: Pen): Block {
  const writers = [...SIMPLE, ...(pen.depth > 0 ? NESTED : []), ...(pen.isSure || pen.isBranch ? [] : UNSURE)];
  return Array.from({ length: 1 + pen.chance.below(pen.depth > 1 ? 4 : 2) }, () => weighted(pen, writers)(pen)).flat();
}

function weighted(pen: Pen, writers: Weighted): Writer {
  let left = pen.chance.below(writers.reduce((sum, [weight]) => sum + weight, 0));
  for (const [weight, writer] of writers) {
    if (left < weight) return writer;
    left -= weight;
  }
  return note;
}
