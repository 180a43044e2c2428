import { describe, expect, it } from '@jest/globals';
import type { CollectionSpec } from '../collection';
import type { DocumentsBench } from './bench';
import { offer, OFFERS, type Offer } from './offers';

const taken = (index: string): unknown => expect.objectContaining({ code: 'documents.taken', facts: expect.objectContaining({ index }) });

const BY_TITLE: CollectionSpec<Offer> = {
  ...OFFERS,
  indexes: [
    { name: 'title', of: ({ title }) => title, unique: true },
    { name: 'pay', of: ({ pay }) => pay },
  ],
};

/** Unique values, and indexes that come and go with the code. */
export function indexRules(bench: DocumentsBench): void {
  const offers = () => bench.documents().collection(OFFERS);

  describe('a unique value', () => {
    it('finds its document, and follows it when it changes', async () => {
      const collection = await offers();
      await collection.insert(offer('a', { slug: 'chef' }));
      await collection.insert(offer('b'));
      expect((await collection.findBy('slug', 'chef'))?.document.id).toBe('a');
      await collection.update('a', (document) => ({ document: { ...document, slug: 'cook' }, events: [] }));
      expect(await collection.findBy('slug', 'chef')).toBeUndefined();
      expect((await collection.findBy('slug', 'cook'))?.document.id).toBe('a');
    });

    it('belongs to one document, in insert and in update', async () => {
      const collection = await offers();
      await collection.insert(offer('a', { slug: 'chef' }));
      await collection.insert(offer('b', { slug: 'cook' }));
      await expect(collection.insert(offer('c', { slug: 'chef' }))).rejects.toEqual(taken('slug'));
      const steal = collection.update('b', (document) => ({ document: { ...document, slug: 'chef' }, events: [] }));
      await expect(steal).rejects.toEqual(taken('slug'));
      expect(await collection.find('c')).toBeUndefined();
      expect(await collection.get('b')).toEqual({ document: offer('b', { slug: 'cook' }), revision: 1 });
    });

    it('goes to one of many who want it at once', async () => {
      const collection = await offers();
      const wanting = Array.from({ length: 20 }, (_, i) => collection.insert(offer(`o${i}`, { slug: 'chef' })));
      const outcomes = await Promise.allSettled(wanting);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });

    it('may be absent in any number of documents', async () => {
      const collection = await offers();
      await collection.insert(offer('a'));
      await collection.insert(offer('b'));
      expect((await collection.page({ limit: 10 })).items).toHaveLength(2);
    });

    it('cannot be asked of an index that is not unique', async () => {
      const collection = await offers();
      await expect(collection.findBy('employer', 'lac')).rejects.toThrow('no unique index "employer"');
    });
  });

  describe('an index', () => {
    it('that is new is built from the documents there, and one that is gone cannot be asked', async () => {
      const collection = await offers();
      await collection.insert(offer('a', { title: 'Cook', pay: 2 }));
      await collection.insert(offer('b', { title: 'Chef', pay: 1 }));
      await collection.page({ where: { employer: 'lac' }, by: 'pay', limit: 1 });
      const changed = await (await bench.reopen()).collection(BY_TITLE);
      expect((await changed.findBy('title', 'Chef'))?.document.id).toBe('b');
      expect((await changed.page({ by: 'pay', limit: 5 })).items.map(({ document }) => document.id)).toEqual(['b', 'a']);
      await expect(changed.page({ where: { employer: 'lac' }, limit: 5 })).rejects.toThrow('no index "employer"');
      await expect(changed.insert(offer('c', { title: 'Cook' }))).rejects.toEqual(taken('title'));
    });

    it('that becomes unique is refused if the documents do not allow it, and nothing changes', async () => {
      const collection = await offers();
      await collection.insert(offer('a', { title: 'Cook', slug: 'x' }));
      await collection.insert(offer('b', { title: 'Cook' }));
      await expect((await bench.reopen()).collection(BY_TITLE)).rejects.toEqual(taken('title'));
      await bench.reopen();
      expect((await (await offers()).findBy('slug', 'x'))?.document.id).toBe('a');
    });

    it('is the same for the same spec opened twice, and another spec is refused', async () => {
      expect(await offers()).toBe(await offers());
      await expect(bench.documents().collection(BY_TITLE)).rejects.toThrow('open already');
    });
  });
}
