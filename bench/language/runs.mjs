import assert from 'node:assert/strict';
import { plan, start } from '@millrace/language';

/** @typedef {import('@millrace/language').Plan} Plan */

/** @type {Omit<import('@millrace/language').Begin, 'slug' | 'locals'>} */
const BEGIN = {
  run: 'run_bench',
  trigger: { type: 'test', value: 'bench' },
  workspaceId: 'ws_bench',
  correlationId: 'cor_bench',
  depth: 1,
  identity: { userId: 'usr_bench', sessionId: 'ses_bench' },
  seed: 'bench',
  now: Date.UTC(2026, 0, 1),
  config: {},
};

/**
 * A workspace of a number of automations with the same text.
 * @param {string} text
 * @param {number} automations
 */
export function planned(text, automations = 1) {
  return plan({ automations: Array.from({ length: automations }, (_, at) => ({ file: `automations/a${at}.yaml`, text })) });
}

/**
 * Runs an automation that asks for nothing outside; its output.
 * @param {Plan} whole
 * @param {string} slug
 * @param {import('@millrace/language').Begin['locals']} locals
 */
export function outputOf(whole, slug, locals) {
  const { ended } = start(whole, { ...BEGIN, slug, locals });
  assert.ok(ended !== undefined && 'output' in ended, `the run did not succeed: ${JSON.stringify(ended)}`);
  return ended.output;
}

/**
 * How many instructions a run takes.
 * @param {Plan} whole
 * @param {string} slug
 * @param {import('@millrace/language').Begin['locals']} locals
 */
export function instructionsOf(whole, slug, locals) {
  const { state } = start(whole, { ...BEGIN, slug, locals });
  return /** @type {{ counts: { instructions: number } }} */ (/** @type {unknown} */ (state)).counts.instructions;
}
