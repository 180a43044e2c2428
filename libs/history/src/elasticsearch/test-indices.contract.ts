import { randomBytes } from 'node:crypto';
import { stackSetting } from '@millrace/testing';
import { Store } from './store';

/** Room for one history of a test in the stack's server. */
export interface TestIndices {
  readonly url: string;
  readonly prefix: string;
  /** Asks the server beside the history. */
  readonly store: Store;
  /** Removes the indices and their template. */
  readonly remove: () => Promise<void>;
}

/** Room for one history under a name of its own, in the stack's server unless another is told. */
export function testIndices(url = stackSetting('MILLRACE_ELASTICSEARCH_URL')): TestIndices {
  const prefix = `millrace-test-${randomBytes(6).toString('hex')}`;
  const store = new Store(url);
  const remove = async (): Promise<void> => {
    await store.ask(async ({ indices }) => {
      const names = Object.keys(await indices.get({ index: `${prefix}-*` }));
      if (names.length > 0) await indices.delete({ index: names });
      await indices.deleteIndexTemplate({ name: prefix }, { ignore: [404] });
    });
    await store.close();
  };
  return { url, prefix, store, remove };
}
