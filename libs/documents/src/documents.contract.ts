import { afterEach, beforeEach, describe } from '@jest/globals';
import type { Documents } from './collection';
import type { DocumentsBench } from './contract/bench';
import { indexRules } from './contract/indexes.contract';
import { outboxRules } from './contract/outbox.contract';
import { pagingRules } from './contract/paging.contract';
import { writingRules } from './contract/writing.contract';

/** A store that can be opened, closed and opened again. */
export interface DocumentsStore {
  /** Opens the store, with all it held when it was closed. */
  open(): Promise<Documents>;
  /** Removes the store and all it holds. */
  remove(): Promise<void>;
}

/** What every adapter of `Documents` promises. `create` makes an empty store. */
export function documentsContract(adapter: string, create: () => Promise<DocumentsStore>): void {
  describe(`${adapter} as Documents`, () => {
    let store: DocumentsStore;
    let open: Documents;

    beforeEach(async () => {
      store = await create();
      open = await store.open();
    });

    afterEach(async () => {
      await open.close();
      await store.remove();
    });

    const bench: DocumentsBench = {
      documents: () => open,
      reopen: async () => {
        await open.close();
        open = await store.open();
        return open;
      },
    };

    writingRules(bench);
    indexRules(bench);
    pagingRules(bench);
    outboxRules(bench);
  });
}
