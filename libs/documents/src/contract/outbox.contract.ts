import { describe, expect, it } from '@jest/globals';
import type { DocumentsBench } from './bench';
import { offer, OFFERS, told } from './offers';

const MARK = { epoch: 'e1', offset: 7_340_032n };

/** Events that are written with the change they tell of. */
export function outboxRules(bench: DocumentsBench): void {
  const offers = () => bench.documents().collection(OFFERS);
  const pending = async (limit = 100) => (await bench.documents().outbox.pending(limit)).map(({ event }) => event.id);

  describe('the outbox', () => {
    it('has the events of each write in the order of the writes', async () => {
      const collection = await offers();
      await collection.insert(offer('a'), [told('e1'), told('e2')]);
      await collection.update('a', (document) => ({ document: { ...document, pay: 1 }, events: [told('e3')] }));
      await collection.insert(offer('b'));
      await collection.update('a', () => ({ document: null, events: [told('e4')] }));
      expect(await pending()).toEqual(['e1', 'e2', 'e3', 'e4']);
      expect(await pending(3)).toEqual(['e1', 'e2', 'e3']);
    });

    it('has an event exactly as it was given', async () => {
      const full = told('e1', {
        version: 3,
        subject: 'offer/a',
        revision: 2,
        key: 'k',
        causationId: 'c',
        hops: 1,
        target: { user: 'u_2' },
        keep: 'log',
        extensions: { a: 'b' },
      });
      await (await offers()).insert(offer('a'), [full]);
      const [entry] = await bench.documents().outbox.pending(1);
      expect(entry?.event).toEqual({ ...full, payload: expect.anything() });
      expect(Buffer.from(entry?.event.payload ?? []).equals(Buffer.from(full.payload))).toBe(true);
    });

    it('has nothing of a write that was refused', async () => {
      const collection = await offers();
      await collection.insert(offer('a', { slug: 'chef' }));
      const refusals = await Promise.allSettled([
        collection.insert(offer('a'), [told('e1')]),
        collection.insert(offer('b', { slug: 'chef' }), [told('e2')]),
        collection.update('a', (document) => ({ document, events: [told('e3')] }), 9),
        collection.update('a', () => ({ document: offer('z'), events: [told('e4')] })),
      ]);
      expect(refusals.map(({ status }) => status)).toEqual(Array(4).fill('rejected'));
      expect(await pending()).toEqual([]);
    });

    it('has an event even when the document stays as it was', async () => {
      const collection = await offers();
      await collection.insert(offer('a'));
      await collection.update('a', (document) => ({ document, events: [told('e1')] }));
      expect(await pending()).toEqual(['e1']);
      expect((await collection.get('a')).revision).toBe(2);
    });

    it('forgets what is done and goes on after it, also when opened again', async () => {
      const collection = await offers();
      await collection.insert(offer('a'), [told('e1'), told('e2'), told('e3')]);
      const { outbox } = bench.documents();
      const [first, second] = await outbox.pending(2);
      await outbox.done([first?.id ?? '', second?.id ?? ''], MARK);
      expect(await pending()).toEqual(['e3']);
      await bench.reopen();
      expect(await pending()).toEqual(['e3']);
      expect(await bench.documents().outbox.mark()).toEqual(MARK);
    });

    it('names entries so that later ones are larger, even when all before are gone', async () => {
      const collection = await offers();
      expect(await bench.documents().outbox.newest()).toBeUndefined();
      await collection.insert(offer('a'), [told('e1')]);
      const before = (await bench.documents().outbox.newest()) ?? '';
      await bench.documents().outbox.done([before], MARK);
      await bench.reopen();
      await (await offers()).insert(offer('b'), [told('e2')]);
      const after = (await bench.documents().outbox.newest()) ?? '';
      expect([before, after].sort()).toEqual([before, after]);
      expect(after).not.toBe(before);
    });

    it('keeps a mark', async () => {
      const { outbox } = bench.documents();
      expect(await outbox.mark()).toBeUndefined();
      await outbox.keepMark(MARK);
      await outbox.keepMark({ ...MARK, offset: 2n ** 60n });
      expect(await outbox.mark()).toEqual({ epoch: 'e1', offset: 2n ** 60n });
    });

    it('sets an entry aside', async () => {
      await (await offers()).insert(offer('a'), [told('e1'), told('e2')]);
      const [first] = await bench.documents().outbox.pending(1);
      await bench.documents().outbox.setAside(first?.id ?? '', 'too large');
      expect(await pending()).toEqual(['e2']);
    });

    it('calls back after a write that left events, until told to stop', async () => {
      const collection = await offers();
      const seen: string[][] = [];
      const stop = bench.documents().outbox.onWrite(() => void pending().then((ids) => seen.push([...ids])));
      await collection.insert(offer('a'));
      await collection.insert(offer('b'), [told('e1')]);
      await pending();
      expect(seen).toEqual([['e1']]);
      stop();
      await collection.insert(offer('c'), [told('e2')]);
      await pending();
      expect(seen).toEqual([['e1']]);
    });
  });
}
