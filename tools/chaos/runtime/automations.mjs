/**
 * What an event of a kind sets going: how often it comes beside the others, and the types of the events that must follow it, once each.
 * @typedef {{ type: string, share: number, tells: readonly string[] }} Kind
 */

/** @type {readonly Kind[]} */
export const KINDS = [
  { type: 'chaos.begun', share: 3, tells: ['chaos.passed', 'chaos.closed'] },
  { type: 'chaos.counted', share: 3, tells: [] },
  { type: 'chaos.called', share: 2, tells: ['chaos.heard'] },
  { type: 'chaos.asked', share: 1, tells: ['chaos.settled'] },
  { type: 'chaos.talked', share: 1, tells: ['chaos.question', 'chaos.reply', 'chaos.agreed'] },
  { type: 'chaos.rested', share: 1, tells: ['chaos.woke'] },
];

/** Type of the events that answer `chaos.asked`; they come from outside, like those of the kinds. */
export const ANSWER = 'chaos.answered';

/** Which automation listens to which type. Each of its events must have one run that ended well. */
export const LISTENERS = new Map([
  ['chaos.begun', 'pass'],
  ['chaos.passed', 'close'],
  ['chaos.counted', 'count'],
  ['chaos.called', 'call'],
  ['chaos.asked', 'ask'],
  ['chaos.talked', 'talk'],
  ['chaos.question', 'reply'],
  ['chaos.rested', 'rest'],
]);

/** The counters in `global`, and the type whose events each of them has counted when all is done. */
export const COUNTERS = new Map([
  ['counted', 'chaos.counted'],
  ['calling', 'chaos.called'],
  ['called', 'chaos.called'],
  ['settled', 'chaos.asked'],
  ['rested', 'chaos.rested'],
]);

/** What each kind's run does first: it says in a list of its key that it was there, so that the list has the order of the runs. */
const PRESENT = `
  - set: { name: session.id, value: '{{payload.key}}' }
  - set: { name: session.seen, type: push, value: '{{payload.n}}' }`;
const AGAIN = `{ n: '{{payload.n}}', key: '{{payload.key}}' }`;

/**
 * The automations of the workspace: slug → source.
 * @param {string} sink address that is called
 * @returns {Record<string, string>}
 */
export function automations(sink) {
  return {
    pass: `
when: { events: [chaos.begun] }
do:${PRESENT}
  - emit: { event: chaos.passed, payload: ${AGAIN} }`,
    close: `
when: { events: [chaos.passed] }
do:
  - emit: { event: chaos.closed, payload: ${AGAIN} }`,
    count: `
when: { events: [chaos.counted] }
do:${PRESENT}
  - set: { name: global.counted, type: increment }`,
    call: `
when: { events: [chaos.called] }
do:${PRESENT}
  - set: { name: global.calling, type: increment }
  - fetch: { url: '${sink}', method: post, body: ${AGAIN}, output: answer }
  - set: { name: global.called, type: increment }
  - emit: { event: chaos.heard, payload: { n: '{{payload.n}}', serial: '{{answer.serial}}' } }`,
    ask: `
when: { events: [chaos.asked] }
do:${PRESENT}
  - wait: { oneOf: [{ event: ${ANSWER}, filters: { payload.n: '{{payload.n}}' } }], timeout: 1h, output: answer }
  - set: { name: global.settled, type: increment }
  - emit: { event: chaos.settled, payload: { n: '{{payload.n}}', by: '{{answer.id}}' } }`,
    talk: `
when: { events: [chaos.talked] }
do:${PRESENT}
  - emit: { event: chaos.question, payload: ${AGAIN} }
  - wait: { oneOf: [{ event: chaos.reply, filters: { payload.n: '{{payload.n}}' } }], timeout: 1h, output: answer }
  - emit: { event: chaos.agreed, payload: { n: '{{payload.n}}', by: '{{answer.id}}' } }`,
    reply: `
when: { events: [chaos.question] }
do:
  - emit: { event: chaos.reply, payload: ${AGAIN} }`,
    rest: `
when: { events: [chaos.rested] }
do:${PRESENT}
  - sleep: { for: '{{payload.for}}' }
  - set: { name: global.rested, type: increment }
  - emit: { event: chaos.woke, payload: { n: '{{payload.n}}' } }`,
    report: `
when: { endpoint: { path: report, methods: [get] } }
do:
  - set: { name: session.id, value: '{{query.key}}' }
output: { seen: '{{session.seen}}', global: '{{global}}' }`,
  };
}
