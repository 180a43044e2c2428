import { describe, expect, it } from '@jest/globals';
import type { DocumentsBench } from './bench';
import { offer, OFFERS } from './offers';

const refused = (code: string): unknown => expect.objectContaining({ code });

/** Reading and changing single documents. */
export function writingRules(bench: DocumentsBench): void {
  const offers = () => bench.documents().collection(OFFERS);

  describe('a document', () => {
    it('is there after insert, with revision 1', async () => {
      const collection = await offers();
      expect(await collection.insert(offer('a'))).toEqual({ document: offer('a'), revision: 1 });
      expect(await collection.find('a')).toEqual({ document: offer('a'), revision: 1 });
      expect(await collection.get('a')).toEqual({ document: offer('a'), revision: 1 });
    });

    it('that is not there is undefined for find and refused by get and update', async () => {
      const collection = await offers();
      expect(await collection.find('a')).toBeUndefined();
      await expect(collection.get('a')).rejects.toEqual(refused('documents.not_found'));
      await expect(collection.update('a', (document) => ({ document, events: [] }))).rejects.toEqual(refused('documents.not_found'));
    });

    it('is not replaced by another of the same id', async () => {
      const collection = await offers();
      await collection.insert(offer('a'));
      await expect(collection.insert(offer('a', { title: 'Other' }))).rejects.toEqual(refused('documents.taken'));
      expect((await collection.get('a')).document.title).toBe('Offer a');
    });

    it('gains one revision with each change', async () => {
      const collection = await offers();
      await collection.insert(offer('a'));
      const changed = await collection.update('a', (document, revision) => ({
        document: { ...document, title: `was ${revision}` },
        events: [],
      }));
      expect(changed).toEqual({ document: offer('a', { title: 'was 1' }), revision: 2 });
      expect(await collection.get('a')).toEqual(changed);
    });

    it('keeps its revision when a change leaves it as it was', async () => {
      const collection = await offers();
      await collection.insert(offer('a'));
      expect(await collection.update('a', (document) => ({ document, events: [] }))).toEqual({ document: offer('a'), revision: 1 });
      expect((await collection.get('a')).revision).toBe(1);
    });

    it('of another revision than expected is refused, with the one it has', async () => {
      const collection = await offers();
      await collection.insert(offer('a'));
      await collection.update('a', (document) => ({ document: { ...document, title: 'new' }, events: [] }), 1);
      const late = collection.update('a', (document) => ({ document: { ...document, title: 'late' }, events: [] }), 1);
      await expect(late).rejects.toMatchObject({ code: 'documents.revision_mismatch', facts: { current: 2 } });
      expect((await collection.get('a')).document.title).toBe('new');
    });

    it('is gone when a change removes it, and its id can be used again', async () => {
      const collection = await offers();
      await collection.insert(offer('a', { slug: 'chef' }));
      expect(await collection.update('a', () => ({ document: null, events: [] }))).toBeUndefined();
      expect(await collection.find('a')).toBeUndefined();
      expect(await collection.insert(offer('a', { slug: 'chef' }))).toMatchObject({ revision: 1 });
    });

    it('stays as it was when the change throws, and so do its neighbours of the same turn go through', async () => {
      const collection = await offers();
      await collection.insert(offer('a'));
      const failing = collection.update('a', () => {
        throw new Error('no');
      });
      const beside = collection.insert(offer('b'));
      await expect(failing).rejects.toThrow('no');
      await beside;
      expect((await collection.get('a')).revision).toBe(1);
      expect((await collection.get('b')).revision).toBe(1);
    });

    it('cannot change its id', async () => {
      const collection = await offers();
      await collection.insert(offer('a'));
      await expect(collection.update('a', () => ({ document: offer('b'), events: [] }))).rejects.toThrow('another id');
      expect(await collection.find('b')).toBeUndefined();
    });
  });

  it('loses nothing of a hundred concurrent changes of one document', async () => {
    const collection = await offers();
    await collection.insert(offer('a', { pay: 0 }));
    const raise = () => collection.update('a', (document) => ({ document: { ...document, pay: (document.pay ?? 0) + 1 }, events: [] }));
    await Promise.all(Array.from({ length: 100 }, raise));
    expect(await collection.get('a')).toEqual({ document: offer('a', { pay: 100 }), revision: 101 });
  });

  it('keeps collections apart', async () => {
    const collection = await offers();
    const others = await bench.documents().collection({ ...OFFERS, name: 'old "offers"' });
    await collection.insert(offer('a', { slug: 'chef' }));
    await others.insert(offer('a', { slug: 'chef', title: 'Other' }));
    expect((await collection.get('a')).document.title).toBe('Offer a');
  });

  it('has everything after it was opened again', async () => {
    const collection = await offers();
    await collection.insert(offer('a', { slug: 'chef', title: 'Küche "à la carte" \u{1f373}' }));
    await collection.update('a', (document) => ({ document: { ...document, open: false }, events: [] }));
    const before = await collection.get('a');
    await bench.reopen();
    expect(await (await offers()).get('a')).toEqual(before);
    expect(await (await offers()).findBy('slug', 'chef')).toEqual(before);
  });

  it('refuses everything after close, and closes twice', async () => {
    const collection = await offers();
    const documents = bench.documents();
    const last = collection.insert(offer('a'));
    await documents.close();
    await documents.close();
    await expect(last).resolves.toMatchObject({ revision: 1 });
    await expect(collection.find('a')).rejects.toEqual(refused('documents.closed'));
    await expect(collection.insert(offer('b'))).rejects.toEqual(refused('documents.closed'));
    await expect(documents.collection(OFFERS)).rejects.toEqual(refused('documents.closed'));
  });
}
