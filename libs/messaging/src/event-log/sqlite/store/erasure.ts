import type { DatabaseSync } from 'node:sqlite';
import { decodeEvent } from '../../codec';
import { encodeEvent } from '../../event-writer';
import type { DeadTable } from './dead-table';
import type { LogTable } from './log-table';

/**
 * Overwrites the payloads of these events, in the log and among the dead letters, and leaves no copy in the file. Durable when it
 * returns. Must not run inside a transaction.
 */
export function erasePayloads(
  db: DatabaseSync,
  tables: { readonly log: LogTable; readonly dead: DeadTable },
  epoch: string,
  offsets: readonly number[],
): void {
  db.exec('PRAGMA secure_delete = ON; BEGIN IMMEDIATE');
  try {
    for (const offset of offsets) {
      const row = tables.log.at(offset);
      if (row === undefined) continue;
      const body = withoutPayload(row.body);
      tables.log.overwrite(offset, body);
      tables.dead.overwrite(epoch, offset, body);
    }
    db.exec('COMMIT');
  } finally {
    if (db.isTransaction) db.exec('ROLLBACK');
    db.exec('PRAGMA secure_delete = FAST');
  }
  // The old bytes are still in the write-ahead log until it is emptied.
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
}

/** The same event with an empty object of the same length for a payload, so that its row is overwritten where it lies. */
function withoutPayload(body: Uint8Array): Uint8Array {
  const event = decodeEvent(body);
  if (event.payload.length < 2) return body;
  const payload = new TextEncoder().encode(`{${' '.repeat(event.payload.length - 2)}}`);
  return encodeEvent({ ...event, payload });
}
