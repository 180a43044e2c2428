import { describe, expect, it } from '@jest/globals';
import type { HistoryBench } from './bench';
import { logged, WORKSPACE } from './events';

/** Search by words. */
export function textRules(bench: HistoryBench): void {
  const find = async (text: string, workspaceId = WORKSPACE) =>
    (await bench.history().search({ workspaceId, text, sort: 'oldest', limit: 200 })).items.map(({ position }) => Number(position.offset));

  describe('a text', () => {
    it('finds words in any value of the payload, all of which must occur', async () => {
      await bench
        .history()
        .append([
          logged(1, { title: 'Night porter', place: { city: 'Lausanne' }, tags: ['hotel', 'front-desk'] }),
          logged(2, { title: 'Porter', pay: 4200.5, open: true }),
          logged(3, { porter: 'none' }),
        ]);
      expect(await find('porter')).toEqual([1, 2]);
      expect(await find('LAUSANNE porter hotel')).toEqual([1]);
      expect(await find('front desk')).toEqual([1]);
      expect(await find('4200.5')).toEqual([2]);
      expect(await find('porter missing')).toEqual([]);
    });

    it('minds neither case nor accents nor the form of letters', async () => {
      await bench
        .history()
        .append([
          logged(1, { a: 'Zürich ﬁnance' }),
          logged(2, { a: 'ZU\u0308RICH' }),
          logged(3, { a: 'zurich' }),
          logged(4, { a: 'Straße Ελλάδα 東京' }),
        ]);
      expect(await find('zürich')).toEqual([1, 2, 3]);
      expect(await find('finance')).toEqual([1]);
      expect(await find('straße ΕΛΛΆΔΑ')).toEqual([4]);
      expect(await find('東京')).toEqual([4]);
      expect(await find('strasse')).toEqual([]);
    });

    it('in quotes is a phrase within one value', async () => {
      await bench
        .history()
        .append([
          logged(1, { a: 'the quick brown fox' }),
          logged(2, { a: 'the brown quick fox' }),
          logged(3, { a: 'the quick', b: 'brown fox' }),
          logged(4, { a: 'Quick-brown, fox!' }),
        ]);
      expect(await find('"quick brown"')).toEqual([1, 4]);
      expect(await find('"quick brown" the')).toEqual([1]);
      expect(await find('quick-brown')).toEqual([1, 4]);
      expect(await find('"brown fox')).toEqual([1, 3, 4]);
    });

    it('with a star at the end of a word finds what begins so', async () => {
      await bench
        .history()
        .append([
          logged(1, { a: 'reception' }),
          logged(2, { a: 'receptionist' }),
          logged(3, { a: 'receipt' }),
          logged(4, { a: 'Straßen' }),
        ]);
      expect(await find('recept*')).toEqual([1, 2]);
      expect(await find('rece*')).toEqual([1, 2, 3]);
      expect(await find('straß*')).toEqual([4]);
      expect(await find('front-recep*')).toEqual([]);
    });

    it('without a word asks for nothing in particular', async () => {
      await bench.history().append([logged(1, { a: 'x' })]);
      for (const text of ['', '   ', '""', '*', '!?', '"-']) expect(await find(text)).toEqual([1]);
    });

    it('is only ever words: what a query language would understand is none', async () => {
      await bench.history().append([logged(1, { a: 'alpha AND beta' }), logged(2, { a: 'alpha near beta' })]);
      expect(await find('alpha AND beta')).toEqual([1]);
      expect(await find('alpha OR gamma')).toEqual([]);
      expect(await find('NEAR(alpha beta)')).toEqual([]);
      expect(await find('text:alpha')).toEqual([]);
      expect(await find('(alpha')).toEqual([1, 2]);
      expect(await find('^alpha -beta')).toEqual([1, 2]);
      expect(await find("alpha' OR 1=1; --")).toEqual([]);
    });

    it('finds very long words by their beginning, and words in long texts', async () => {
      const long = 'x'.repeat(300);
      await bench.history().append([logged(1, { a: `${long} ${'filler '.repeat(5_000)} needle` }), logged(2, { a: 'x'.repeat(63) })]);
      expect(await find(long)).toEqual([1]);
      expect(await find(`${long}yz`)).toEqual([1]);
      expect(await find('needle')).toEqual([1]);
      expect(await find('xxx*')).toEqual([1, 2]);
    });

    it('stays within the workspace', async () => {
      await bench.history().append([logged(1, { a: 'secret' }), { ...logged(2, { a: 'secret' }), workspaceId: 'ws_2' }]);
      expect(await find('secret', 'ws_2')).toEqual([2]);
      expect(await find('sec*', 'ws_3')).toEqual([]);
    });
  });
}
