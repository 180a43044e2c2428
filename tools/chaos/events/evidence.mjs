/**
 * An event on the log. `workspace`: whose it is.
 * @typedef {{ id: string, type: string, key: string | undefined, workspace: string, offset: bigint, recordedAt: number, n: number, lane: number }} Logged
 */

/**
 * What a search of a workspace found, and which events of the log it was to find.
 * @typedef {import('./history.mjs').Found & { workspace: string, lane: number | undefined }} Answer
 */

/**
 * All there is to judge by.
 * @typedef {{
 *   sent: readonly import('../ledger.mjs').Sent[],
 *   log: readonly Logged[],
 *   answers: readonly Answer[],
 *   watches: readonly import('./watching/watch.mjs').Watch[],
 *   mayBeBegun?: boolean,
 * }} Evidence
 */

/**
 * What the log holds of these workspaces of what was sent and what followed.
 * @param {import('../victims/victim.mjs').Stores} stores
 * @param {readonly string[]} workspaces
 */
export async function readLog({ eventLog }, workspaces) {
  /** @type {Logged[]} */
  const log = [];
  for (const workspace of workspaces) {
    for await (const { id, type, key, payload, position, recordedAt } of eventLog.read('first', `${workspace}.chaos.>`, { live: false })) {
      const { n, lane } = /** @type {{ n: number, lane: number }} */ (JSON.parse(new TextDecoder().decode(payload)));
      log.push({ id, type, key, workspace, offset: position.offset, recordedAt, n, lane });
    }
  }
  return log;
}
