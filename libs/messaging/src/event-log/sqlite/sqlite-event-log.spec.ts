import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Clock } from '@millrace/kernel';
import { eventLogContract } from '../event-log.contract';
import { SqliteEventLog } from './sqlite-event-log';

class SystemClock extends Clock {
  now(): number {
    return Date.now();
  }
}

eventLogContract('SqliteEventLog', async (settings = {}) => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-log-'));
  const open = (): SqliteEventLog =>
    new SqliteEventLog({ file: join(folder, 'log.db'), clock: new SystemClock(), backOff: [1], ...settings });
  let log = open();
  return {
    log,
    reopen: async () => {
      await log.close();
      log = open();
      return log;
    },
    close: async () => {
      await log.close();
      rmSync(folder, { recursive: true });
    },
  };
});
