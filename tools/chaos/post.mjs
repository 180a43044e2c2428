/** Milliseconds after which nobody waits for an answer any more. */
const PATIENCE = 15_000;

/** @typedef {import('./ledger.mjs').Input} Input */
/** @typedef {import('./ledger.mjs').Status} Status */

/** A batch that is wrong in itself: nothing here should be. */
export class Refused extends Error {}

/**
 * Sends a batch once and says what is known of it then. Throws `Refused` when it is wrong in itself.
 * @param {{ victim: import('./victims/victim.mjs').Victim, ledger: import('./ledger.mjs').Ledger }} parts
 * @param {string} workspace
 * @param {readonly Input[]} events
 * @returns {Promise<Status>}
 */
export async function post({ victim, ledger }, workspace, events) {
  try {
    const client = await victim.client();
    const response = await client.fetch(`/v1/workspaces/${workspace}/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ events }),
      signal: AbortSignal.timeout(PATIENCE),
    });
    const text = await response.text();
    if (response.status === 201) return 'ok';
    ledger.write({ refused: response.status, text });
    if (response.status < 500) throw new Refused(`POST events: ${response.status} ${text}`);
    return response.status === 503 && victim.refusesForSure ? 'failed' : 'unknown';
  } catch (error) {
    if (error instanceof Refused) throw error;
    return neverArrived(error) ? 'failed' : 'unknown';
  }
}

/**
 * Whether nobody was there to take it.
 * @param {unknown} error
 */
function neverArrived(error) {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && cause.code === 'ECONNREFUSED';
}
