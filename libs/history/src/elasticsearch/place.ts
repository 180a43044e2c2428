import type { Layout } from './layout';
import type { Store } from './store';

/** A history in a store. */
export interface Place {
  readonly store: Store;
  readonly layout: Layout;
}
