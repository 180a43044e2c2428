import assert from 'node:assert/strict';
import fc from 'fast-check';
import { plan, start, step } from '@millrace/language';
import { BEGIN } from './begin.mjs';
import { isOurs, within } from './bounds.mjs';
import { mutated } from './corpus.mjs';

/**
 * @typedef {import('@millrace/language').Turn} Turn
 * @typedef {import('@millrace/language').Plan} Plan
 */

const MILLISECONDS = 1_000;
const MOST_TURNS = 60;
const LIMITS = { instructions: 20_000, effects: 500, passes: 2_000 };

/** Values as they are once they went over a wire: with one zero. */
const json = (/** @type {number} */ maxDepth) => fc.json({ maxDepth }).map((text) => /** @type {unknown} */ (JSON.parse(text)));

const outcome = fc.oneof(
  fc.record({ value: json(3) }),
  fc.record({
    value: fc.constantFrom(
      { value: {}, revision: 1 },
      { status: 200, headers: {}, body: { a: 1 } },
      { item: 1 },
      { end: true },
      { stream: 0, status: 200 },
    ),
  }),
  fc.record({ error: fc.record({ code: fc.constantFrom('runtime.fetch_unreachable', 'cv.unreadable', 'language.type', 'no code') }) }),
);

/**
 * Any document that can be planned, run with whatever comes back from outside: no turn throws, each stays within its time, what it gives
 * is JSON, and the same arguments give the same turn.
 */
export const runs = fc.property(
  mutated,
  fc.array(outcome, { minLength: 1, maxLength: 8 }),
  fc.dictionary(fc.string({ maxLength: 4 }), json(4), { noNullPrototype: true }),
  (text, outcomes, locals) => {
    const planned = within(MILLISECONDS, () => plan({ automations: [{ file: 'automations/a.yaml', text, slug: 'a' }] }, LIMITS));
    const [slug] = planned?.automations.keys() ?? [];
    if (planned === undefined || slug === undefined) return;
    const begin = () => start(planned, { ...BEGIN, slug, locals: /** @type {import('@millrace/language').Begin['locals']} */ (locals) });
    let turn = taken(begin);
    for (let turns = 0; turns < MOST_TURNS && turn.ended === undefined; turns++) {
      const held = turn.effects.findLast(({ blocks }) => blocks) ?? turn.effects.at(-1);
      if (held === undefined) return;
      turn = taken(delivering(planned, turn, held.id, outcomes[turns % outcomes.length] ?? {}));
    }
  },
);

/**
 * @param {Plan} planned
 * @param {Turn} turn
 * @param {string} effect
 * @param {object} outcome
 * @returns {() => Turn}
 */
function delivering(planned, { state }, effect, outcome) {
  return () => step(planned, state, [/** @type {import('@millrace/language').Outcome} */ ({ effect, at: BEGIN.now + 1_000, ...outcome })]);
}

/**
 * Takes a turn twice: both are the same.
 * @param {() => Turn} take
 * @returns {Turn}
 */
function taken(take) {
  const turn = within(MILLISECONDS, take);
  assert.ok(turn !== undefined, 'a turn refuses nothing: it ends with an error');
  isOurs(turn.state);
  isOurs(turn.effects);
  assert.deepEqual(JSON.parse(JSON.stringify(take())), JSON.parse(JSON.stringify(turn)));
  return turn;
}
