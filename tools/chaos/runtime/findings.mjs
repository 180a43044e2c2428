/**
 * @template T, K
 * @param {Iterable<T>} items
 * @param {(item: T) => K} keyOf
 * @returns {ReadonlyMap<K, readonly [T, ...T[]]>}
 */
export function groupedBy(items, keyOf) {
  /** @type {Map<K, [T, ...T[]]>} */
  const groups = new Map();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

/**
 * The numbers that an event of this type does not tell exactly once, and those it should not have told.
 * @param {string} type
 * @param {readonly number[]} due
 * @param {readonly import('./evidence.mjs').Fact[]} log
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
