// A process that writes documents, each with its event, until it is killed. It says the id of each event whose write was acknowledged on
// standard output; its relay meanwhile moves the events of all processes to a log, which is a file of ids. Arguments: the address of the
// server, the database, the file, a prefix of ids.
import { Clock } from '@millrace/kernel';
import { PinoLog } from '@millrace/observability';
import type { Collection } from '../../collection';
import { offer, OFFERS, told, type Offer } from '../../contract/offers';
import { FileLog } from '../../crash/file-log';
import { OutboxRelay } from '../../relay/outbox-relay';
import { MongoDocuments } from '../mongo-documents';

class MachineClock extends Clock {
  now(): number {
    return Date.now();
  }
}

/** Its own documents: every fifth is removed again. */
async function writeOwn(prefix: string, offers: Collection<Offer>): Promise<never> {
  for (let i = 0; ; i++) {
    const id = `${prefix}-${i}`;
    await offers.insert(offer(id), [told(id)]);
    process.stdout.write(`${id}\n`);
    if (i % 5 === 4) await offers.update(id, () => ({ document: null, events: [told(`${id}-gone`)] }));
  }
}

/** One that other processes change as well; each event names the revision. */
async function writeShared(id: string, offers: Collection<Offer>): Promise<never> {
  for (;;) {
    const changed = await offers.update(id, (document, revision) => ({
      document: { ...document, pay: revision },
      events: [told(`${id}@${revision + 1}`)],
    }));
    process.stdout.write(`${id}@${changed?.revision ?? 0}\n`);
  }
}

const [url = '', database = '', file = '', prefix = ''] = process.argv.slice(2);
const documents = await MongoDocuments.open({ url, database, lease: 1_000 });
new OutboxRelay(documents.outbox, new FileLog(file), { clock: new MachineClock(), log: new PinoLog('writer', 'error') }).start();
const offers = await documents.collection(OFFERS);
await Promise.all([
  ...[1, 2, 3].map((i) => writeOwn(`${prefix}-${i}`, offers)),
  ...['shared-1', 'shared-2'].map((id) => writeShared(id, offers)),
]);
