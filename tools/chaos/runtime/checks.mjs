import { admission, notOnce, runsOutOfOrder } from '../findings.mjs';
import { groupedBy, verdict } from '../verdict.mjs';
import { ANSWER, COUNTERS, KINDS, LISTENERS } from './automations.mjs';

/** @typedef {import('../verdict.mjs').Verdict} Verdict */

/** @typedef {import('./evidence.mjs').Evidence} Evidence */

/**
 * Judges what is left when all is done.
 * @param {Evidence} evidence
 * @returns {Verdict[]}
 */
export function judge(evidence) {
  return [accepted, finished, internalOnce, counted, outside, ordered, nothingLeft, history].flatMap((check) => check(evidence));
}

/** @param {Evidence} evidence */
function accepted({ sent, log, mayBeBegun = false }) {
  const entered = new Set([...KINDS.map(({ type }) => type), ANSWER]);
  return admission(
    sent,
    log.filter(({ type }) => entered.has(type)),
    { mayBeBegun },
  );
}

/** Every event that an automation listens to has one run, and that has ended well, once. */
function finished(/** @type {Evidence} */ { log }) {
  const ends = groupedBy(
    log.filter(({ type }) => type === 'runtime.runs.finished'),
    ({ payload }) => `${payload.automation} ${payload.trigger?.id}`,
  );
  const due = log.flatMap(({ id, type }) => (LISTENERS.has(type) ? [`${LISTENERS.get(type)} ${id}`] : []));
  const failed = [...ends].filter(([, events]) => events.some(({ payload }) => payload.outcome !== 'succeeded'));
  return [
    verdict(
      'runs lost',
      due.filter((run) => !ends.has(run)),
    ),
    verdict(
      'runs finished twice',
      [...ends].filter(([, events]) => events.length > 1).map(([run, events]) => `${run}: ${events.length} times`),
    ),
    verdict(
      'runs failed',
      failed.map(([run, [end]]) => `${run}: ${JSON.stringify(end.payload.error)}`),
    ),
  ];
}

/** What a run tells is told once. */
function internalOnce(/** @type {Evidence} */ { log }) {
  const found = KINDS.flatMap(({ type, tells }) => {
    const due = log.filter((fact) => fact.type === type).map(({ payload }) => Number(payload.n));
    return tells.flatMap((told) => notOnce(told, due, log));
  });
  const twice = [...groupedBy(log, ({ id }) => id)].filter(([, facts]) => facts.length > 1).map(([id]) => `${id} is on the log twice`);
  return [verdict('emitted events missing or told twice', [...found, ...twice])];
}

/** What a run adds is added once. */
function counted(/** @type {Evidence} */ { log, counters }) {
  const found = [...COUNTERS].flatMap(([name, type]) => {
    const due = log.filter((fact) => fact.type === type).length;
    const is = counters[name] ?? 0;
    return is === due ? [] : [`global.${name} is ${is} after ${due} of ${type}`];
  });
  return [verdict('counters that lie', found)];
}

/** What is called is called at least once, and again only as the same call. */
function outside(/** @type {Evidence} */ { log, calls, mostRepeated }) {
  const byEvent = groupedBy(calls, ({ n }) => n);
  const due = log.filter(({ type }) => type === 'chaos.called').map(({ payload }) => Number(payload.n));
  const differs = [...byEvent].filter(([, of]) => new Set(of.map(({ idempotencyKey, body }) => `${idempotencyKey} ${body}`)).size > 1);
  const shared = [...groupedBy(calls, ({ idempotencyKey }) => idempotencyKey)].filter(([, of]) => new Set(of.map(({ n }) => n)).size > 1);
  const heard = log.filter(({ type }) => type === 'chaos.heard');
  const strange = heard.filter(({ payload }) => calls[payload.serial ?? -1]?.n !== payload.n);
  return [
    verdict(
      'calls never made',
      due.filter((n) => !byEvent.has(n)).map((n) => `event ${n}`),
    ),
    verdict(
      'calls repeated',
      [...byEvent].flatMap(([n, of]) => of.slice(1).map(() => `event ${n}`)),
      mostRepeated,
    ),
    verdict('calls repeated with another key or body', [
      ...differs.map(([n, [first]]) => `event ${n}, first ${first.idempotencyKey}`),
      ...shared.map(([key]) => `${key} for several events`),
    ]),
    verdict(
      'answers of another call',
      strange.map(({ payload }) => `event ${payload.n}: call ${payload.serial}`),
    ),
  ];
}

/**
 * The runs of a key begin in the order in which the log took their events. A process that stood still in the middle of a call makes it when it
 * goes on, though another one has made it meanwhile: of such calls the first ones count.
 */
function ordered(/** @type {Evidence} */ { log, seen, calls, stoodStill = false }) {
  const kinds = new Set(KINDS.map(({ type }) => type));
  const orders = groupedBy(
    log.filter(({ type }) => kinds.has(type)),
    ({ key }) => key ?? '',
  );
  const found = [...orders].flatMap(([key, events]) => {
    const order = events.map(({ payload }) => Number(payload.n));
    const told = (/** @type {string} */ type) =>
      log.filter((fact) => fact.type === type && fact.payload.key === key).map(({ payload }) => Number(payload.n));
    const made = calls.filter((call) => call.key === key).map(({ n }) => n);
    const called = stoodStill ? [...new Set(made)] : made;
    const list = seen.get(key) ?? [];
    return [
      ...(list.join() === order.join() ? [] : [`${key}: the list of its runs ${firstDifference(order, list)}`]),
      ...runsOutOfOrder(`${key}: chaos.passed`, order, told('chaos.passed')),
      ...runsOutOfOrder(`${key}: chaos.closed`, order, told('chaos.closed')),
      ...runsOutOfOrder(`${key}: calls`, order, called),
    ];
  });
  return [verdict('keys out of order', found)];
}

/** Nothing runs, waits or is put aside when all is done. Timers of runs that were just ending when they were killed go when they are due. */
function nothingLeft(/** @type {Evidence} */ { left, mostRepeated }) {
  return [
    verdict('runs left unfinished', left.runs),
    verdict('marks of parked runs left over', left.marks, mostRepeated),
    verdict('waits left over', left.waits),
    verdict('timers left over', left.timers, mostRepeated),
    verdict('dead letters', left.dead),
  ];
}

/** The history has what the log has. */
function history(/** @type {Evidence} */ { log, history: indexed }) {
  const isAsked = (/** @type {import('./evidence.mjs').Fact} */ { type, payload }) =>
    type.startsWith('chaos.') || (type === 'runtime.runs.finished' && payload.trigger?.type === 'event');
  const due = log.filter(isAsked);
  return [
    verdict(
      'events missing in the history',
      due.filter(({ id }) => !indexed.has(id)).map(({ id, type }) => `${id} ${type}`),
    ),
  ];
}

/**
 * @param {readonly number[]} due
 * @param {readonly number[]} is
 */
function firstDifference(due, is) {
  const at = due.findIndex((n, index) => is[index] !== n);
  const where = at === -1 ? due.length : at;
  return `has ${is.length} of ${due.length}; at ${where} it says ${is.slice(where, where + 4).join()} for ${due.slice(where, where + 4).join()}`;
}
