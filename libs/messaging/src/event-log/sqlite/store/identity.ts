import type { DatabaseSync } from 'node:sqlite';
import type { Position } from '../../event';
import { Statement } from '../../../sqlite/statement';

/** Which log this is. */
export interface Identity {
  readonly epoch: string;
  /** It is shorter than it had been, or another one: the epoch is new, and what was after its end is unknown. */
  readonly isNewEpoch: boolean;
}

/** Reads the identity, and changes it when the log is not what it was. `last`: its last offset; `mark`: how far it is known to have come; `now`: milliseconds. */
export function takeIdentity(db: DatabaseSync, last: number, mark: Position | undefined, now: number): Identity {
  const old = new Statement<{ readonly epoch: string }>(db, 'SELECT epoch FROM meta').get()?.epoch ?? '';
  const isNewEpoch = mark !== undefined && (mark.epoch !== old || mark.offset > BigInt(last));
  if (!isNewEpoch) return { epoch: old, isNewEpoch };
  const epoch = nextEpoch(old, now);
  new Statement(db, 'UPDATE meta SET epoch = ?').run(epoch);
  return { epoch, isNewEpoch };
}

/** The epoch of a log that begins now: the time and how many times it was replaced. */
export function firstEpoch(now: number): string {
  return `${now.toString(36)}_0`;
}

function nextEpoch(old: string, now: number): string {
  return `${now.toString(36)}_${Number(old.split('_')[1] ?? 0) + 1}`;
}
