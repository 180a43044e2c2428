import assert from 'node:assert/strict';
import fc from 'fast-check';
import { plan, start } from '@millrace/language';
import { isOurs, within } from './bounds.mjs';
import { BEGIN } from './begin.mjs';
import { anything, written } from './sources.mjs';

const MILLISECONDS = 500;

const LOCALS = {
  n: 3,
  t: 'some text, 1, 2',
  l: [1, 'a', null, { a: 1 }, [2]],
  m: { a: { b: [1, 2] }, 'x y': 'z', n: null, constructor: 'own' },
  long: 'ab '.repeat(6_000),
  many: Array.from({ length: 400 }, (_, index) => ({ k: index % 7, a: `value ${index}` })),
};

const template = fc.oneof(
  { weight: 3, arbitrary: written.map(({ source }) => `{% ${source} %}`) },
  fc.tuple(written, anything).map(([{ source }, text]) => `${text} {% ${source} %}{{m.${text}}}`),
  anything,
);

/**
 * Any text, evaluated in a run: a value that is JSON or an error with a code, within its time and size, again the same; variables stay as
 * they were, and nothing of the host is seen or changed.
 */
export const evaluating = fc.property(template, fc.boolean(), (text, prisme) => {
  const output = JSON.stringify(text);
  const file = { file: 'automations/a.yaml', text: `${prisme ? 'compat: prisme\n' : ''}do: []\noutput: ${output}\n` };
  const planned = within(MILLISECONDS, () => plan({ automations: [file] }));
  if (planned === undefined) return;
  const before = JSON.stringify(LOCALS);
  const evaluate = () => within(MILLISECONDS, () => start(planned, { ...BEGIN, slug: 'a', locals: LOCALS }).ended);
  const ended = evaluate();
  assert.ok(ended !== undefined && ('output' in ended || 'error' in ended), 'an output without effects ends in its first turn');
  if ('output' in ended) isOurs(ended.output);
  else assert.match(ended.error.code, /^language\./);
  assert.deepEqual(evaluate(), ended);
  assert.equal(JSON.stringify(LOCALS), before);
});
