/**
 * Something that was done to a Millrace, and when it was whole again: milliseconds since its first start.
 * @typedef {{ what: string, at: number, back: number }} Fault
 */

/** @typedef {{ eventLog: import('@millrace/messaging').EventLog, keyValue: import('@millrace/messaging').KeyValue }} Stores */

/**
 * A Millrace that is hurt while events come in.
 * @typedef {object} Victim
 * @property {Fault[]} faults what was done to it
 * @property {number} inFlight events that one process may have in hand at once
 * @property {boolean} refusesForSure whether what it answers with 503 is not on the log; else nobody knows
 * @property {string} outputs what it printed
 * @property {string} url where it is reached
 * @property {() => Promise<string>} token what signs a request in
 * @property {() => Promise<import('@millrace/client').MillraceClient>} client a signed-in client, also of one that is just away
 * @property {(plan: import('../chaos.mjs').Plan, chance: import('../chance.mjs').Chance) => Promise<void>} hurt hurts it as the plan says;
 *   resolves at the end of the time
 * @property {() => Promise<number | null>} stop asks it to end; resolves with its exit code
 * @property {<T>(read: (stores: Stores) => Promise<T>) => Promise<T>} stores what is read from its stores, once it has been stopped
 * @property {() => Promise<void>} end takes away whatever is left of it
 */

export {};
