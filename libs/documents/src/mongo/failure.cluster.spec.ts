import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Clock } from '@millrace/kernel';
import { PinoLog } from '@millrace/observability';
import { PrivateServer } from '@millrace/testing';
import type { Collection } from '../collection';
import { offer, OFFERS, told, type Offer } from '../contract/offers';
import { MemoryLog } from '../relay/memory-log';
import { OutboxRelay } from '../relay/outbox-relay';
import { MongoDocuments } from './mongo-documents';

class MachineClock extends Clock {
  now(): number {
    return Date.now();
  }
}

const AWAY = { code: 'documents.unavailable', refusal: 'unavailable' };

describe('MongoDocuments, when its server fails', () => {
  let server: PrivateServer;
  let documents: MongoDocuments;
  let offers: Collection<Offer>;
  let relay: OutboxRelay;
  const log = new MemoryLog();

  beforeAll(async () => {
    server = await PrivateServer.start('mongodb');
    documents = await MongoDocuments.open({ url: server.setting('MILLRACE_MONGODB_URL'), database: 'spec', patience: 500, lease: 1_000 });
    relay = new OutboxRelay(documents.outbox, log, { clock: new MachineClock(), log: new PinoLog('spec', 'fatal') });
    relay.start();
    offers = await documents.collection(OFFERS);
  });

  afterAll(async () => {
    await relay.stop();
    await documents.close();
    await server[Symbol.asyncDispose]();
  });

  /** Asks until it answers; each question that is not answered takes its time. */
  const untilItAnswers = async (): Promise<void> => {
    for (let asked = 0; asked < 1_000; asked++) {
      const answers = await offers.find('o1').then(
        () => true,
        () => false,
      );
      if (answers) return;
    }
    throw new Error('It never answered again.');
  };

  it('refuses while it is down, has all that was acknowledged when it is back, and tells of it by itself', async () => {
    for (let i = 0; i < 20; i++) await offers.insert(offer(`o${i}`), [told(`e${i}`)]);
    await server.kill();
    await expect(offers.find('o1')).rejects.toMatchObject(AWAY);
    await expect(offers.insert(offer('late'), [told('late')])).rejects.toMatchObject(AWAY);
    await expect(documents.collection({ ...OFFERS, name: 'others' })).rejects.toMatchObject(AWAY);
    await expect(
      MongoDocuments.open({ url: server.setting('MILLRACE_MONGODB_URL'), database: 'spec', patience: 300 }),
    ).rejects.toMatchObject(AWAY);
    await server.start();
    await untilItAnswers();
    for (let i = 0; i < 20; i++) expect(await offers.find(`o${i}`)).toEqual({ document: offer(`o${i}`), revision: 1 });
    await offers.insert(offer('after'), [told('after')]);
    await relay.drain();
    expect(log.events.map(({ id }) => id)).toEqual([...Array.from({ length: 20 }, (_, i) => `e${i}`), 'after']);
  });

  it('refuses while it stands still, and goes on when it does', async () => {
    await offers.insert(offer('before'));
    await server.pause();
    try {
      // More than the buffers between here and there hold: it is not even sent.
      await expect(offers.insert({ ...offer('large'), slug: 'x'.repeat(12_000_000) })).rejects.toMatchObject(AWAY);
      // More than there are connections: some wait for one.
      await Promise.all(Array.from({ length: 50 }, () => expect(offers.find('before')).rejects.toMatchObject(AWAY)));
      await expect(offers.update('before', (document) => ({ document: { ...document, pay: 1 }, events: [] }))).rejects.toMatchObject(AWAY);
    } finally {
      server.resume();
    }
    await untilItAnswers();
    await offers.update('before', (document) => ({ document: { ...document, pay: 2 }, events: [] }));
    expect((await offers.get('before')).document.pay).toBe(2);
  });
});
