import { globSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { parse, stringify } from 'yaml';

/** Automations that somebody wrote: those of the examples and of the conformance cases. */
export const AUTOMATIONS = [...fromExamples(), ...fromCases()];

function fromExamples() {
  return globSync('examples/**/automations/**/*.y{a,}ml')
    .sort()
    .map((file) => readFileSync(file, 'utf8'));
}

function fromCases() {
  return globSync('libs/language/conformance/*.yml')
    .sort()
    .flatMap((file) => {
      /** @type {readonly { automations?: Record<string, unknown>, files?: Record<string, unknown> }[]} */
      const cases = parse(readFileSync(file, 'utf8'));
      return cases.flatMap(({ automations = {}, files = {} }) => [...Object.values(automations), ...Object.values(files)]);
    })
    .map((automation) => (typeof automation === 'string' ? automation : stringify(automation)));
}

const TOKENS = [
  ...['&a ', '*a', '!!binary ', '<<: ', '__proto__: ', 'constructor: ', '? ', '- ', ': ', '"', "'", '|\n', '>-\n', '#', '---\n', '...\n'],
  ...['\t', '\u0000', '\ufeff', '\ud800', '\r\n', '  ', '{', '}', '[', ']', '{{', '}}', '{% ', ' %}', '1e999', '.inf', '0x1F', '~', 'null'],
  ...['repeat', 'until: 3', 'all', 'try', 'break: {}', 'set: { name: a.__proto__.b, value: 1 }', '{{a.constructor.prototype}}'],
];

/** @typedef {{ at: number, cut: number, put: string }} Edit */

/** @type {fc.Arbitrary<Edit>} */
const edit = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  cut: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.nat(30)),
  put: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...TOKENS) },
    fc.string({ unit: 'binary', maxLength: 8 }),
    fc.constantFrom(...AUTOMATIONS).map((other) => other.slice(0, 200)),
    fc.tuple(fc.constantFrom('[', '{a: ', '- ', '  ', '('), fc.nat(2_000)).map(([token, times]) => token.repeat(times)),
    fc.constant(''),
  ),
});

/** A text that is one of the corpus but for some edits. */
export const mutated = fc
  .tuple(fc.constantFrom(...AUTOMATIONS), fc.array(edit, { maxLength: 6 }))
  .map(([text, edits]) => edits.reduce((now, { at, cut, put }) => spliced(now, Math.floor(at * now.length), cut, put), text));

/**
 * @param {string} text
 * @param {number} at
 * @param {number} cut
 * @param {string} put
 */
function spliced(text, at, cut, put) {
  return text.slice(0, at) + put + text.slice(at + cut);
}
