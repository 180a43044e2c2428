import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { stackSetting } from '@millrace/testing';
import { offer, OFFERS, told } from '../contract/offers';
import { documentsContract } from '../documents.contract';
import { MongoDocuments } from './mongo-documents';
import { scratchDatabase, type ScratchDatabase } from './scratch-database';

documentsContract('MongoDocuments', async () => {
  const scratch = scratchDatabase(stackSetting('MILLRACE_MONGODB_URL'));
  return { open: () => MongoDocuments.open(scratch), remove: () => scratch.remove() };
});

describe('MongoDocuments, shared by two processes', () => {
  let scratch: ScratchDatabase;
  let one: MongoDocuments;
  let other: MongoDocuments;

  beforeEach(async () => {
    scratch = scratchDatabase(stackSetting('MILLRACE_MONGODB_URL'));
    one = await MongoDocuments.open(scratch);
    other = await MongoDocuments.open(scratch);
  });

  afterEach(async () => {
    await one.close();
    await other.close();
    await scratch.remove();
  });

  const both = () => Promise.all([one.collection(OFFERS), other.collection(OFFERS)]);

  it('loses no change that both make of one document', async () => {
    const [here, there] = await both();
    await here.insert(offer('a', { pay: 0 }));
    const raise = (at: number) =>
      (at % 2 === 0 ? here : there).update('a', (document) => ({ document: { ...document, pay: (document.pay ?? 0) + 1 }, events: [] }));
    await Promise.all(Array.from({ length: 60 }, (_, at) => raise(at)));
    expect(await there.get('a')).toEqual({ document: offer('a', { pay: 60 }), revision: 61 });
  });

  it('gives an id, and a unique value, to one of those who want it', async () => {
    const [here, there] = await both();
    const wanting = [here, there, here, there].map((at, i) => at.insert(offer(`o${i % 2}`, { slug: 'chef' }), [told(`e${i}`)]));
    const outcomes = await Promise.allSettled(wanting);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await one.outbox.pending(9)).toHaveLength(1);
  });

  it('has the events of both in the order of the writes, whoever asks', async () => {
    const [here, there] = await both();
    for (let i = 0; i < 10; i++) await (i % 2 === 0 ? here : there).insert(offer(`o${i}`), [told(`e${i}`)]);
    const expected = Array.from({ length: 10 }, (_, i) => `e${i}`);
    for (const { outbox } of [one, other]) expect((await outbox.pending(99)).map(({ event }) => event.id)).toEqual(expected);
    expect((await one.outbox.pending(3)).map(({ event }) => event.id)).toEqual(['e0', 'e1', 'e2']);
  });

  it('keeps nothing of a document that is gone and told of', async () => {
    const [here] = await both();
    await here.insert(offer('a'), [told('e1')]);
    await here.update('a', () => ({ document: null, events: [told('e2')] }));
    const left = await one.outbox.pending(9);
    await one.outbox.done(
      left.map(({ id }) => id),
      { epoch: 'e', offset: 1n },
    );
    expect(await other.outbox.pending(9)).toEqual([]);
    expect(await other.outbox.newest()).toBeUndefined();
    expect((await here.page({ limit: 9 })).items).toEqual([]);
    expect(await here.insert(offer('a'))).toMatchObject({ revision: 1 });
  });

  it('refuses what is larger than the server takes', async () => {
    const [here] = await both();
    const large = here.insert(offer('a', { title: 'x'.repeat(15 * 1024 * 1024) }));
    await expect(large).rejects.toMatchObject({ code: 'documents.too_large', refusal: 'invalid' });
  });
});
