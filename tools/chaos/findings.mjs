import { groupedBy, verdict } from './verdict.mjs';

/**
 * What the log made of what was sent: all that was accepted is there, nothing that was refused is, and batches are whole or not at all.
 * @param {readonly import('./ledger.mjs').Sent[]} sent
 * @param {readonly { id: string, type: string }[]} entered what the log has from outside
 * @param {{ mayBeBegun?: boolean }} [allowed] `mayBeBegun`: of a batch that nobody answered for, the beginning may be there
 */
export function admission(sent, entered, { mayBeBegun = false } = {}) {
  const onLog = new Set(entered.map(({ id }) => id));
  const known = new Set(sent.map(({ id }) => id));
  const batches = [...groupedBy(sent, ({ batch }) => batch)];
  const isHalf = (/** @type {readonly { id: string }[]} */ events) => {
    const missing = events.findIndex(({ id }) => !onLog.has(id));
    const rest = missing === -1 ? [] : events.slice(missing);
    return rest.some(({ id }) => onLog.has(id)) || (!mayBeBegun && missing > 0);
  };
  const named = (/** @type {readonly { id: string, type: string }[]} */ events) => events.map(({ id, type }) => `${id} ${type}`);
  return [
    verdict('accepted events lost', named(sent.filter(({ id, status }) => status === 'ok' && !onLog.has(id)))),
    verdict('refused events accepted', named(sent.filter(({ id, status }) => status === 'failed' && onLog.has(id)))),
    verdict(
      'batches taken by half',
      batches.filter(([, events]) => isHalf(events)).map(([batch]) => `batch ${batch}`),
    ),
    verdict('events nobody sent', named(entered.filter(({ id }) => !known.has(id)))),
  ];
}

/**
 * The numbers that an event of this type does not tell exactly once, and those it should not have told.
 * @param {string} type
 * @param {readonly number[]} due
 * @param {readonly import('./runtime/evidence.mjs').Fact[]} log
 */
export function notOnce(type, due, log) {
  const told = groupedBy(
    log.filter((fact) => fact.type === type),
    ({ payload }) => Number(payload.n),
  );
  const wanted = new Set(due);
  const missing = due.filter((n) => !told.has(n)).map((n) => `${type} of ${n} is missing`);
  const twice = [...told].filter(([, facts]) => facts.length > 1).map(([n, facts]) => `${type} of ${n} was told ${facts.length} times`);
  const strange = [...told.keys()].filter((n) => !wanted.has(n)).map((n) => `${type} of ${n} has no cause`);
  return [...missing, ...twice, ...strange];
}

/**
 * Where something happened for an event after it had for a later one of its key. The same event again, right after itself, is in order.
 * @param {string} what
 * @param {readonly number[]} order
 * @param {readonly number[]} happened
 */
export function runsOutOfOrder(what, order, happened) {
  const rank = new Map(order.map((n, index) => [n, index]));
  const at = happened.findIndex((n, index) => index > 0 && (rank.get(n) ?? 0) < (rank.get(happened[index - 1] ?? n) ?? 0));
  return at === -1 ? [] : [`${what}: ${happened[at]} after ${happened[at - 1]}`];
}
