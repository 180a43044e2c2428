import { setTimeout as sleep } from 'node:timers/promises';
import { LiveService } from '@millrace/contracts';

const AGAIN_AFTER = 100;
/** Seconds that the server may keep us. */
const WAIT = 5;
const LIMIT = 50;
const PATIENCE = 15_000;

/** @typedef {import('../../victims/victim.mjs').Victim} Victim */
/** @typedef {import('./watch.mjs').Watch} Watch */

/**
 * Watches by asking again and again. Answers how to stop.
 * @param {Victim} victim
 * @param {Watch} watch
 */
export function watchByPoll(victim, watch) {
  const stop = new AbortController();
  void keepAsking(victim, watch, stop.signal);
  return () => stop.abort();
}

/**
 * @param {Victim} victim
 * @param {Watch} watch
 * @param {AbortSignal} stop
 */
async function keepAsking(victim, watch, stop) {
  while (!stop.aborted) {
    await ask(victim, watch, AbortSignal.any([stop, AbortSignal.timeout(PATIENCE)])).catch(() => sleep(AGAIN_AFTER));
  }
}

/**
 * @param {Victim} victim
 * @param {Watch} watch
 * @param {AbortSignal} signal
 */
async function ask(victim, watch, signal) {
  const { types, where } = watch.wish;
  const wish = { workspaceId: watch.workspace, types: [...types], limit: LIMIT, ...(where === undefined ? {} : { where }), ...watch.since };
  const client = await victim.client();
  const answer = await client.call(LiveService.method.pollEvents, { ...wish, wait: watch.position === '' ? 0 : WAIT }, { signal });
  const { events = [], next, recovered, reason = '' } = /** @type {Answer} */ (/** @type {unknown} */ (answer));
  watch.enters(next);
  if (recovered !== true) watch.loses(reason, next);
  for (const event of events) watch.take(event, `${event.epoch}-${event.offset}`);
  watch.reaches(next);
}

/** @typedef {{ events?: { id: string, type: string, epoch: string, offset: string }[], next: string, recovered?: boolean, reason?: string }} Answer */
