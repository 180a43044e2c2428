/**
 * A promise and what was found against it; the first finding is the first bad id. `most`: so many are no breach.
 * @typedef {{ promise: string, found: readonly string[], most?: number }} Verdict
 */

/**
 * @param {string} promise
 * @param {readonly string[]} found
 * @param {number} [most]
 * @returns {Verdict}
 */
export function verdict(promise, found, most = 0) {
  return { promise, found, most };
}

/** @param {Verdict} verdict */
export function isBroken({ found, most = 0 }) {
  return found.length > most;
}

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
