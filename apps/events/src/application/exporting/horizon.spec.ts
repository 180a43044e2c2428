import { SqliteHistory } from '@millrace/history';
import { SqliteEventLog } from '@millrace/messaging';
import { SystemClock } from '@millrace/service';
import { exportContract } from './exporting.contract';

exportContract('embedded', async () => {
  const eventLog = new SqliteEventLog({ file: ':memory:', clock: new SystemClock() });
  const history = await SqliteHistory.open({ path: ':memory:' });
  const close = async (): Promise<void> => {
    await eventLog.close();
    await history.close();
  };
  return { eventLog, history, [Symbol.asyncDispose]: close };
});
