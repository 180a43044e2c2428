import { afterAll, beforeAll, jest } from '@jest/globals';
import { ElasticsearchHistory } from '@millrace/history';
import { JetStreamEventLog } from '@millrace/messaging';
import { SystemClock } from '@millrace/service';
import { PrivateServer } from '@millrace/testing';
import { exportContract } from './exporting.contract';

jest.setTimeout(180_000);

let nats: PrivateServer;
let elasticsearch: PrivateServer;
let opened = 0;

beforeAll(async () => {
  [nats, elasticsearch] = await Promise.all([PrivateServer.start('nats'), PrivateServer.start('elasticsearch')]);
});

afterAll(async () => {
  await Promise.all([nats, elasticsearch].map((server) => server[Symbol.asyncDispose]()));
});

exportContract('on the servers of a cluster', async () => {
  const prefix = `millrace-exports-${++opened}`;
  const eventLog = await JetStreamEventLog.open({
    ...{ prefix, clock: new SystemClock(), durability: 'fast', capacity: 64 * 1024 * 1024 },
    connection: { servers: nats.setting('MILLRACE_NATS_URL') },
  });
  const history = await ElasticsearchHistory.open({ url: elasticsearch.setting('MILLRACE_ELASTICSEARCH_URL'), prefix });
  const close = async (): Promise<void> => {
    await eventLog.close();
    await history.close();
  };
  return { eventLog, history, [Symbol.asyncDispose]: close };
});
