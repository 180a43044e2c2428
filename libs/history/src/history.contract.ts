import { afterEach, beforeEach, describe } from '@jest/globals';
import { aggregateRules } from './contract/aggregate.contract';
import { appendRules } from './contract/append.contract';
import type { HistoryBench } from './contract/bench';
import { equivalenceRules } from './contract/equivalence.contract';
import { removeRules } from './contract/remove.contract';
import { searchRules } from './contract/search.contract';
import { textRules } from './contract/text.contract';
import type { History } from './history';

/** A store that can be opened, closed and opened again. */
export interface HistoryStore {
  /** Opens the store, with all it held when it was closed. */
  open(): Promise<History>;
  /** Removes the store and all it holds. */
  remove(): Promise<void>;
}

/** What every adapter of `History` promises. `create` makes an empty store. */
export function historyContract(adapter: string, create: () => Promise<HistoryStore>): void {
  describe(`${adapter} as History`, () => {
    let store: HistoryStore;
    let open: History;

    beforeEach(async () => {
      store = await create();
      open = await store.open();
    });

    afterEach(async () => {
      await open.close();
      await store.remove();
    });

    const bench: HistoryBench = {
      history: () => open,
      reopen: async () => {
        await open.close();
        open = await store.open();
        return open;
      },
    };

    appendRules(bench);
    removeRules(bench);
    searchRules(bench);
    textRules(bench);
    aggregateRules(bench);
    equivalenceRules(bench);
  });
}
