import { admission, runsOutOfOrder } from '../findings.mjs';
import { groupedBy, verdict } from '../verdict.mjs';
import { ASKED, ECHOED } from './load.mjs';

/** @typedef {import('./evidence.mjs').Evidence} Evidence */
/** @typedef {import('./evidence.mjs').Logged} Logged */
/** @typedef {import('./watching/watch.mjs').Watch} Watch */

/**
 * Judges what is left when all is done.
 * @param {Evidence} evidence
 * @returns {import('../verdict.mjs').Verdict[]}
 */
export function judge(evidence) {
  return [accepted, onLog, found, delivered].flatMap((check) => check(evidence));
}

/** @param {Evidence} evidence */
function accepted({ sent, log, mayBeBegun = false }) {
  return admission(
    sent,
    log.filter(({ type }) => type !== ECHOED),
    { mayBeBegun },
  );
}

/** The log has each event once, where it was sent, and those of a key as they were sent. */
function onLog(/** @type {Evidence} */ { sent, log }) {
  const twice = [...groupedBy(log, ({ id }) => id)].filter(([, events]) => events.length > 1).map(([id]) => id);
  const homes = new Map(sent.map(({ id, workspace }) => [id, workspace]));
  const sure = new Set(sent.filter(({ status }) => status === 'ok').map(({ id }) => id));
  const answered = groupedBy(
    log.filter(({ type }) => type === ECHOED),
    ({ n }) => n,
  );
  const asked = log.filter(({ type }) => type === ASKED);
  return [
    verdict('events doubled on the log', twice),
    verdict(
      'events in a foreign workspace',
      log.filter(({ id, workspace }) => (homes.get(id) ?? workspace) !== workspace).map(({ id }) => id),
    ),
    verdict('keys out of order', [
      ...outOfOrder(log.filter(({ id }) => sure.has(id))),
      ...[...groupedBy(asked, keyOf)].flatMap(([key, events]) => {
        const order = events.map(({ n }) => n);
        const echoes = log.filter((event) => event.type === ECHOED && order.includes(event.n));
        return runsOutOfOrder(
          `${key}: answers`,
          order,
          echoes.map(({ n }) => n),
        );
      }),
    ]),
    verdict('automations answered not once', [
      ...asked.filter(({ n }) => answered.get(n)?.length !== 1).map(({ id, n }) => `${id}: ${answered.get(n)?.length ?? 0} times`),
    ]),
  ];
}

/** @param {readonly Logged[]} log */
function outOfOrder(log) {
  return [...groupedBy(log, keyOf)].flatMap(([key, events]) => {
    const at = events.findIndex(({ n }, index) => n < (events[index - 1]?.n ?? n));
    return at === -1 ? [] : [`${key}: ${events[at]?.n} after ${events[at - 1]?.n}`];
  });
}

/** @param {Logged} event */
function keyOf({ workspace, key }) {
  return `${workspace} ${key}`;
}

/** A search finds what it asks for, each event once and in the order of history, in pages that are full, and says how many there are. */
function found(/** @type {Evidence} */ { log, answers }) {
  const each = answers.map(({ workspace, lane, pages, count }) => {
    const name = `${workspace}${lane === undefined ? '' : ` lane ${lane}`}`;
    const wanted = log.filter((event) => event.workspace === workspace && (lane === undefined || event.lane === lane));
    const due = wanted.toSorted(inHistory).map(({ id }) => id);
    return { name, due, ids: pages.flat(), pages, count };
  });
  return [
    verdict(
      'events missing in the history',
      each.flatMap(({ name, due, ids }) => missing(due, ids).map((id) => `${id} in ${name}`)),
    ),
    verdict(
      'events in the history that are not on the log',
      each.flatMap(({ name, due, ids }) => missing(ids, due).map((id) => `${id} in ${name}`)),
    ),
    verdict(
      'searches doubled or out of order',
      each.filter(({ due, ids }) => [...new Set(ids)].length < ids.length || differsInOrder(due, ids)).map(({ name }) => name),
    ),
    verdict(
      'pages not full',
      each.flatMap(({ name, pages }) => shortPages(pages).map((index) => `page ${index + 1} of ${name}`)),
    ),
    verdict(
      'counts that lie',
      each.filter(({ due, count }) => count !== due.length).map(({ name, due, count }) => `${name}: ${count} for ${due.length}`),
    ),
  ];
}

/**
 * Several processes write to a log, each by its own clock: the history goes by when an event was recorded, then by its place in the log.
 * @param {Logged} one
 * @param {Logged} other
 */
function inHistory(one, other) {
  return one.recordedAt - other.recordedAt || Number(one.offset - other.offset);
}

/**
 * @param {readonly string[]} due
 * @param {readonly string[]} ids
 */
function missing(due, ids) {
  const there = new Set(ids);
  return due.filter((id) => !there.has(id));
}

/**
 * @param {readonly string[]} due
 * @param {readonly string[]} ids
 */
function differsInOrder(due, ids) {
  const there = new Set(ids);
  const known = new Set(due);
  return due.filter((id) => there.has(id)).join() !== ids.filter((id) => known.has(id)).join();
}

/** @param {readonly (readonly string[])[]} pages */
function shortPages(pages) {
  const full = Math.max(...pages.map(({ length }) => length));
  return [...pages.keys()].slice(0, -1).filter((index) => (pages[index]?.length ?? 0) < full);
}

/** Each subscriber saw what it wants of the log behind where it began, once and in order, but for what it was told to have lost. */
function delivered(/** @type {Evidence} */ { log, watches }) {
  const homes = new Map(log.map(({ id, workspace }) => [id, workspace]));
  const each = (/** @type {(watch: Watch) => readonly string[]} */ find) =>
    watches.flatMap((watch) => find(watch).map((what) => `${what}: ${watch.name}`));
  return [
    verdict(
      'events not delivered',
      each((watch) => notSeen(watch, log)),
    ),
    verdict(
      'events delivered that were not asked for',
      each((watch) => {
        const wanted = new Set(wantedBy(watch, log).map(({ id }) => id));
        return watch.seen.filter(({ id }) => !wanted.has(id) && homes.get(id) === watch.workspace).map(({ id }) => id);
      }),
    ),
    verdict(
      'events of another workspace delivered',
      each((watch) => watch.seen.filter(({ id }) => homes.get(id) !== watch.workspace).map(({ id }) => id)),
    ),
    verdict(
      'deliveries doubled above the resume point',
      each(({ seen }) => [...groupedBy(seen, ({ id }) => id)].filter(([, times]) => times.length > 1).map(([id]) => id)),
    ),
    verdict(
      'deliveries out of order',
      each(({ seen }) =>
        seen.filter(({ offset, behind }) => offset <= behind).map(({ id, offset, behind }) => `${id} at ${offset} behind ${behind}`),
      ),
    ),
  ];
}

/**
 * @param {Watch} watch
 * @param {readonly Logged[]} log
 */
function wantedBy({ workspace, wish }, log) {
  return log.filter((event) => event.workspace === workspace && wish.fits(event));
}

/**
 * @param {Watch} watch
 * @param {readonly Logged[]} log
 */
function notSeen(watch, log) {
  const { begun = -1n, gaps } = watch;
  const seen = new Set(watch.seen.map(({ id }) => id));
  const isLost = (/** @type {bigint} */ offset) => gaps.some(({ behind, from }) => offset > behind && offset <= from);
  return wantedBy(watch, log)
    .filter(({ id, offset }) => offset > begun && !isLost(offset) && !seen.has(id))
    .map(({ id, offset }) => `${id} at ${offset}`);
}
