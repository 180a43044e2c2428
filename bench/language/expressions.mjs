// An expression with paths, comparisons, `and` and a choice: evaluated by a run of ours, by JSONata, by a closure written by hand.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { outputOf, planned } from './runs.mjs';

/** @typedef {import('../rounds/race.mjs').Contestant} Contestant */

/** As many as stay in the cache of a core: beyond, what is measured is the memory of the machine. */
const MANY = 200;
const COUNTRIES = ['FR', 'DE', 'FR', 'IT'];
const ORDERS = COUNTRIES.map((country) => ({ total: 120, customer: { name: 'Ada', country }, lines: [{ sku: 'a', count: 2 }] }));
const OURS = '{% {{order.total}} > 100 and {{order.customer.country}} == "FR" and {{order.lines[0].count}} <= 2 ? "first" : "later" %}';
const THEIRS = 'order.total > 100 and order.customer.country = "FR" and order.lines[0].count <= 2 ? "first" : "later"';

/** @param {(typeof ORDERS)[number]} order */
const byHand = (order) =>
  order.total > 100 && order.customer.country === 'FR' && (order.lines[0]?.count ?? Number.NaN) <= 2 ? 'first' : 'later';

/**
 * Each evaluates the expression some hundred times a turn. Ours does so in one run, the way of everything that is evaluated here: with its
 * budget counted and its place known.
 * @param {string} peer the file of JSONata
 * @returns {readonly Contestant[]}
 */
export function expressionContestants(peer) {
  /** @type {(text: string) => { evaluate: (input: unknown) => Promise<unknown> }} */
  const jsonata = createRequire(import.meta.url)(peer);
  const expression = jsonata(THEIRS);
  const whole = planned(`do: []\noutput:\n${`  - '${OURS}'\n`.repeat(MANY)}`);
  const inputs = ORDERS.map((order) => ({ order, expected: byHand(order) }));
  let turn = 0;
  const next = () => inputs[(turn += 1) % inputs.length] ?? { order: {}, expected: '' };
  const repeated = (/** @type {(order: object) => unknown} */ evaluate) => () => {
    for (let at = 0; at < MANY; at++) {
      const { order, expected } = next();
      assert.ok(evaluate(order) === expected);
    }
    return MANY;
  };
  return [
    {
      name: 'millrace',
      work: () => {
        const { order, expected } = next();
        const found = /** @type {unknown[]} */ (outputOf(whole, 'a0', { order }));
        assert.ok(found.length === MANY && found[MANY - 1] === expected);
        return MANY;
      },
    },
    {
      name: 'jsonata',
      work: async () => {
        for (let at = 0; at < MANY; at++) {
          const { order, expected } = next();
          assert.ok((await expression.evaluate({ order })) === expected);
        }
        return MANY;
      },
    },
    { name: 'closure', work: repeated((order) => byHand(/** @type {(typeof ORDERS)[number]} */ (order))) },
  ];
}
