import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Collection, PageQuery } from '../collection';
import type { DocumentsBench } from './bench';
import { offer, OFFERS, type Offer } from './offers';

const refused = (code: string): unknown => expect.objectContaining({ code });

/** Lists in pages. */
export function pagingRules(bench: DocumentsBench): void {
  const offers = () => bench.documents().collection(OFFERS);
  const seeded = async (given: readonly Offer[]) => {
    const collection = await offers();
    await Promise.all(given.map((each) => collection.insert(each)));
    return collection;
  };

  describe('a number of documents', () => {
    it('is that of those with the values asked for, or of all, as they come and go', async () => {
      const collection = await seeded([offer('a', { pay: 1 }), offer('b', { open: false, pay: 1 }), offer('c'), offer('d', { pay: 1 })]);
      const counts = () =>
        Promise.all([{}, { open: true, pay: 1 }, { open: false }, { employer: 'nobody' }].map((where) => collection.count(where)));
      expect(await counts()).toEqual([4, 2, 1, 0]);
      await collection.update('d', () => ({ document: null, events: [] }));
      expect(await counts()).toEqual([3, 1, 1, 0]);
    });
  });

  describe('a page', () => {
    it('is by id without anything said, and says when there is more', async () => {
      const collection = await seeded(['c', 'a', 'b'].map((id) => offer(id)));
      const first = await collection.page({ limit: 2 });
      expect(first.items.map(({ document }) => document.id)).toEqual(['a', 'b']);
      const second = await collection.page({ limit: 2, cursor: first.nextCursor ?? '' });
      expect(second).toEqual({ items: [{ document: offer('c'), revision: 1 }] });
    });

    it('has exactly the documents with the values asked for', async () => {
      const collection = await seeded([offer('a', { pay: 1 }), offer('b', { open: false, pay: 1 }), offer('c'), offer('d', { pay: 1 })]);
      expect(await all(collection, { where: { open: true, pay: 1 }, limit: 1 })).toEqual(['a', 'd']);
      expect(await all(collection, { where: { open: false }, limit: 1 })).toEqual(['b']);
      expect(await all(collection, { where: { employer: 'nobody' }, limit: 1 })).toEqual([]);
    });

    it('has documents without the value first, or last when descending', async () => {
      const collection = await seeded([offer('a', { pay: 2 }), offer('b'), offer('c', { pay: -1 }), offer('d'), offer('e', { pay: 2 })]);
      expect(await all(collection, { by: 'pay', limit: 2 })).toEqual(['b', 'd', 'c', 'a', 'e']);
      expect(await all(collection, { by: 'pay', direction: 'descending', limit: 2 })).toEqual(['e', 'a', 'c', 'd', 'b']);
    });

    it('never shows a document twice nor skips one while others come and go', async () => {
      const collection = await seeded(['b', 'd', 'f', 'h'].map((id) => offer(id)));
      const first = await collection.page({ limit: 2 });
      await collection.insert(offer('a'));
      await collection.insert(offer('g'));
      await collection.update('d', () => ({ document: null, events: [] }));
      expect(await all(collection, { limit: 2, cursor: first.nextCursor ?? '' })).toEqual(['f', 'g', 'h']);
    });

    it('is not all there is: each document comes once, beyond what a page may hold', async () => {
      const given = Array.from({ length: 403 }, (_, i) => offer(`o${i}`, { open: i % 202 !== 0, pay: i }));
      const collection = await seeded(given);
      const query = { where: { open: true }, by: 'pay', direction: 'descending' } as const;
      const found = await Array.fromAsync(collection.each(query));
      expect(await collection.all(query)).toEqual(found);
      expect(found.map(({ document }) => document.id)).toEqual(
        given
          .filter(({ open }) => open)
          .map(({ id }) => id)
          .reverse(),
      );
      expect(await Array.fromAsync(collection.each({ where: { employer: 'nobody' } }))).toEqual([]);
      expect(await collection.all({ where: { employer: 'nobody' } })).toEqual([]);
    });

    it('holds 1 to 200 documents', async () => {
      const collection = await offers();
      for (const limit of [0, 201, 1.5, Number.NaN]) {
        await expect(collection.page({ limit })).rejects.toEqual(refused('documents.limit_invalid'));
      }
    });

    it('equals filter, sort and slice of all documents, whatever is asked', async () => {
      const given = Array.from({ length: 60 }, (_, i) =>
        offer(`o${i}`, { employer: 'xyz'.charAt(i % 3), open: i % 2 === 0, ...(i % 5 === 0 ? {} : { pay: (i * 7) % 11 }) }),
      );
      const collection = await seeded(given);
      await fc.assert(
        fc.asyncProperty(queries, async (query) => expect(await all(collection, query)).toEqual(expected(given, query))),
        {
          numRuns: 100,
        },
      );
    });
  });

  describe('a cursor', () => {
    it('goes on with another size of page', async () => {
      const collection = await seeded(['a', 'b', 'c', 'd'].map((id) => offer(id)));
      const { nextCursor = '' } = await collection.page({ limit: 1 });
      expect(await all(collection, { limit: 3, cursor: nextCursor })).toEqual(['b', 'c', 'd']);
    });

    it('of another query is refused', async () => {
      const collection = await seeded(['a', 'b', 'c'].map((id) => offer(id)));
      const { nextCursor = '' } = await collection.page({ where: { employer: 'lac', open: true }, limit: 1 });
      expect(await all(collection, { where: { open: true, employer: 'lac' }, limit: 1, cursor: nextCursor })).toEqual(['b', 'c']);
      const others: readonly Omit<PageQuery, 'limit' | 'cursor'>[] = [
        {},
        { where: { employer: 'lac' } },
        { where: { employer: 'other', open: true } },
        { where: { employer: 'lac', open: true }, by: 'pay' },
        { where: { employer: 'lac', open: true }, direction: 'descending' },
      ];
      for (const query of others) {
        await expect(collection.page({ ...query, limit: 1, cursor: nextCursor })).rejects.toEqual(refused('documents.cursor_invalid'));
      }
    });

    it('that nobody gave is refused', async () => {
      const collection = await seeded(['a', 'b'].map((id) => offer(id)));
      const { nextCursor = '' } = await collection.page({ limit: 1 });
      for (const cursor of ['', 'x', '%', nextCursor.slice(0, -4), Buffer.from('{}').toString('base64url')]) {
        await expect(collection.page({ limit: 1, cursor })).rejects.toEqual(refused('documents.cursor_invalid'));
      }
    });
  });
}

const queries: fc.Arbitrary<PageQuery> = fc.record(
  {
    where: fc.record({ employer: fc.constantFrom('x', 'y', 'z', 'none'), open: fc.boolean() }, { requiredKeys: [] }),
    by: fc.constantFrom('pay', 'employer', 'open'),
    direction: fc.constantFrom('ascending' as const, 'descending' as const),
    limit: fc.integer({ min: 1, max: 70 }),
  },
  { requiredKeys: ['limit'] },
);

async function all(collection: Collection<Offer>, query: PageQuery): Promise<readonly string[]> {
  const page = await collection.page(query);
  const ids = page.items.map(({ document }) => document.id);
  return page.nextCursor === undefined ? ids : [...ids, ...(await all(collection, { ...query, cursor: page.nextCursor }))];
}

function expected(given: readonly Offer[], { where = {}, by, direction }: PageQuery): readonly string[] {
  const value = (each: Offer): string | number => {
    const found = OFFERS.indexes.find(({ name }) => name === by)?.of(each) ?? Number.NEGATIVE_INFINITY;
    return typeof found === 'boolean' ? Number(found) : found;
  };
  const fits = given.filter((each) =>
    OFFERS.indexes.every(({ name, of }) => where[name] === undefined || Object.is(of(each), where[name])),
  );
  const order = (a: Offer, b: Offer): number => compare(value(a), value(b)) || compare(a.id, b.id);
  const sorted = [...fits].sort(order).map(({ id }) => id);
  return direction === 'descending' ? sorted.reverse() : sorted;
}

function compare(a: string | number, b: string | number): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
