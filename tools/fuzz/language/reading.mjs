import assert from 'node:assert/strict';
import fc from 'fast-check';
import { dissect } from '@millrace/language';
import { isCoded, within } from './bounds.mjs';
import { anything, written } from './sources.mjs';

/** @typedef {import('@millrace/language').Piece} Piece */

const MILLISECONDS = 250;
const LONGEST = 4096;

/**
 * What is printed of an expression is read as that expression: the same pieces in the same order; each piece by itself, too. Any text is
 * read, or refused with a code.
 */
export const reading = fc.property(written, anything, ({ source, shape }, text) => {
  within(MILLISECONDS, () => dissect(text, 'template'));
  within(MILLISECONDS, () => dissect(text, 'expression'));
  const [piece] = read(source);
  if (piece === undefined) return;
  assert.deepEqual(shapeOf(piece), shape);
  for (const inner of piece.pieces) assert.deepEqual(read(inner.source).map(shapeOf), [shapeOf(inner)]);
});

/**
 * The pieces of an expression; none for one that is too long or too deep to be read.
 * @param {string} source
 */
function read(source) {
  try {
    return dissect(source, 'expression');
  } catch (error) {
    const limited = isCoded(error) && /** @type {{ code?: unknown }} */ (error).code === 'language.expression_limit';
    if (limited || source.length > LONGEST) return [];
    throw error;
  }
}

/**
 * @param {Piece} piece
 * @returns {unknown[]}
 */
function shapeOf({ kind, pieces }) {
  return [kind, ...pieces.map(shapeOf)];
}
