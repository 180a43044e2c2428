// Whole runs of an automation of thirty instructions without an effect outside, in workspaces of different sizes.
import assert from 'node:assert/strict';
import { instructionsOf, outputOf, planned } from './runs.mjs';

/** @typedef {import('../rounds/race.mjs').Contestant} Contestant */

const AUTOMATION = `arguments: { order: { type: object } }
do:
  - set: { name: total, value: '{{order.total}}' }
  - set: { name: customer, value: '{{order.customer}}' }
  - set: { name: customer.since, value: 2020 }
  - set: { name: tags, value: [] }
  - set: { name: 'tags[]', value: new }
${`  - set: { name: label, value: 'Order of {{customer.name}}' }
  - conditions:
      '{{total}} > 100 and {{customer.country}} == "FR"':
        - set: { name: tags, type: push, value: large }
      default:
        - set: { name: small, value: true }
`.repeat(5)}  - repeat:
      on: '{{order.lines}}'
      do:
        - set: { name: 'counts[{{item.sku}}]', value: '{% {{item.count}} * 2 %}' }
        - set: { name: last, value: '{{item}}' }
  - set: { name: seen, type: increment }
  - set: { name: seen, type: increment }
  - delete: { name: small }
  - set: { name: done, value: true }
  - set: { name: label, value: '{% upper({{label}}) %}' }
output: { label: '{{label}}', tags: '{{tags.length}}', counts: '{{counts}}' }
`;
const LOCALS = {
  order: {
    total: 120,
    customer: { name: 'Ada', country: 'FR' },
    lines: [
      { sku: 'a', count: 2 },
      { sku: 'b', count: 1 },
    ],
  },
};
const EXPECTED = { label: 'ORDER OF ADA', tags: 6, counts: { a: 4, b: 2 } };
const RUNS = 100;

/** Instructions that one run takes. */
export const INSTRUCTIONS = 30;

/**
 * Runs in a workspace of a number of automations: always the same one, or each in its turn.
 * @param {number} automations
 * @param {'one' | 'each'} which
 * @returns {Contestant}
 */
export function runContestant(automations, which) {
  const whole = planned(AUTOMATION, automations);
  assert.deepEqual(outputOf(whole, 'a0', LOCALS), EXPECTED);
  assert.equal(instructionsOf(whole, 'a0', LOCALS), INSTRUCTIONS);
  let next = 0;
  return {
    name: `${which} of ${automations}`,
    work: () => {
      for (let run = 0; run < RUNS; run++) {
        outputOf(whole, `a${next}`, LOCALS);
        if (which === 'each') next = (next + 1) % automations;
      }
      return RUNS;
    },
  };
}
