import type { DatabaseSync } from 'node:sqlite';
import type { Position } from '../../event';
import { Statement } from '../../../sqlite/statement';

/** Which log this is, and whether its last process ended in order. */
export interface Identity {
  readonly epoch: string;
  /** The process before this one did not close it. */
  readonly crashed: boolean;
  /** It is shorter than it had been, or another one: the epoch is new, and what was after its end is unknown. */
  readonly isNewEpoch: boolean;
}

/** Reads the identity and marks the log as open. `last`: its last offset; `mark`: how far it is known to have come; `now`: milliseconds. */
export function takeIdentity(db: DatabaseSync, last: number, mark: Position | undefined, now: number): Identity {
  const meta = new Statement<{ readonly epoch: string; readonly open: number }>(db, 'SELECT epoch, open FROM meta').get();
  const old = meta?.epoch ?? '';
  const isNewEpoch = mark !== undefined && (mark.epoch !== old || mark.offset > BigInt(last));
  const epoch = isNewEpoch ? nextEpoch(old, now) : old;
  new Statement(db, 'UPDATE meta SET epoch = ?, open = 1').run(epoch);
  return { epoch, crashed: meta?.open === 1, isNewEpoch };
}

/** Says that the log was closed in order. */
export function markClosed(db: DatabaseSync): void {
  db.exec('UPDATE meta SET open = 0');
}

/** The epoch of a log that begins now: the time and how many times it was replaced. */
export function firstEpoch(now: number): string {
  return `${now.toString(36)}_0`;
}

function nextEpoch(old: string, now: number): string {
  return `${now.toString(36)}_${Number(old.split('_')[1] ?? 0) + 1}`;
}
