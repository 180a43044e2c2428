// A process that writes documents, each with its event, until it is killed. It says the id of each write that was acknowledged on
// standard output; a relay meanwhile moves the events to a log, which is a file of ids. Arguments: folder, prefix of ids.
import { join } from 'node:path';
import { Clock } from '@millrace/kernel';
import { PinoLog } from '@millrace/observability';
import type { Collection } from '../collection';
import { offer, OFFERS, told, type Offer } from '../contract/offers';
import { FileLog } from './file-log';
import { OutboxRelay } from '../relay/outbox-relay';
import { SqliteDocuments } from '../sqlite/sqlite-documents';

class MachineClock extends Clock {
  now(): number {
    return Date.now();
  }
}

async function writeFor(ever: string, offers: Collection<Offer>): Promise<never> {
  for (let i = 0; ; i++) {
    const id = `${ever}-${i}`;
    await offers.insert(offer(id), [told(id)]);
    process.stdout.write(`${id}\n`);
    if (i % 5 === 4) await offers.update(id, () => ({ document: null, events: [told(`${id}-gone`)] }));
  }
}

const [folder = '', prefix = ''] = process.argv.slice(2);
const documents = await SqliteDocuments.open(join(folder, 'documents.sqlite'));
const log = new PinoLog('writer', 'error');
new OutboxRelay(documents.outbox, new FileLog(join(folder, 'log.txt')), { clock: new MachineClock(), log }).start();
const offers = await documents.collection(OFFERS);
await Promise.all(Array.from({ length: 8 }, (_, i) => writeFor(`${prefix}-${i}`, offers)));
