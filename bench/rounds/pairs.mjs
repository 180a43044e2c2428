/**
 * Measures contestants in turn, A B C A B C …, so that each round holds one measurement of each, taken side by side.
 * @template T
 * @param {Record<string, () => Promise<T>>} contestants
 * @param {number} rounds
 * @returns {Promise<Map<string, T[]>>}
 */
export async function inTurns(contestants, rounds) {
  const names = Object.keys(contestants);
  /** @type {Map<string, T[]>} */
  const results = new Map(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++)
    for (const [name, measure] of Object.entries(contestants)) results.get(name)?.push(await measure());
  return results;
}
