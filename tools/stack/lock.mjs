import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';

const POLL_MS = 100;
/** SQLite's code for "somebody else has it". */
const BUSY = 5;

/**
 * Does something that one process at a time may do; others wait. The lock is SQLite's, on a file that stays: the kernel frees it however its
 * holder ends, so nobody is ever locked out by the dead.
 * @template T
 * @param {string} file
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function alone(file, work) {
  mkdirSync(dirname(file), { recursive: true });
  const lock = new DatabaseSync(file);
  try {
    while (!taken(lock)) await pause(POLL_MS);
    return await work();
  } finally {
    lock.close();
  }
}

/** @param {DatabaseSync} lock */
function taken(lock) {
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if (/** @type {{ errcode?: number }} */ (error).errcode === BUSY) return false;
    throw error;
  }
}
