import assert from 'node:assert/strict';
import fc from 'fast-check';
import { check, format, plan, read } from '@millrace/language';
import { within } from './bounds.mjs';
import { mutated } from './corpus.mjs';

const MILLISECONDS = 1_000;
const FILE = 'automations/a.yaml';

/**
 * Any text as a document: reading and checking never throw and point into it; planning refuses with a code, or gives a plan; what is laid
 * out anew says the same, and stays as it is when laid out again.
 */
export const documents = fc.property(fc.oneof({ weight: 9, arbitrary: mutated }, fc.string({ unit: 'binary', maxLength: 300 })), (text) => {
  const lines = text.split('\n').length;
  const sources = { automations: [{ file: FILE, text }] };
  const reading = within(MILLISECONDS, () => read(text, FILE));
  const problems = within(MILLISECONDS, () => check(sources));
  assert.ok(reading !== undefined && problems !== undefined, 'reading and checking refuse nothing, they report');
  for (const { code, line, column, message } of problems) {
    assert.match(code, /^[a-z]+(?:-[a-z]+)*$/);
    assert.ok(line >= 1 && line <= lines && column >= 1, `${code} at ${line}:${column} of ${lines} lines`);
    assert.ok(message.length > 0 && message.length < 2_000 + 2 * text.length, `${code} says ${message.length} characters`);
  }
  const planned = within(MILLISECONDS, () => plan(sources));
  if (reading.problems.some(({ severity }) => severity === 'error')) return;
  assert.ok(planned !== undefined, 'what was read without an error can be planned');
  laidOut(text, reading.document?.value);
});

/**
 * @param {string} text
 * @param {unknown} value
 */
function laidOut(text, value) {
  const after = within(MILLISECONDS, () => format(text)) ?? '';
  assert.deepEqual(read(after, FILE).document?.value, value, 'the layout changed what a document says');
  assert.equal(format(after), after, 'laid out again it is another text');
}
