import { DomainError } from '@millrace/kernel';
import { KeyValue, type Bucket } from '@millrace/messaging';
import type { Link } from '../link';
import type { EntryStore } from './entry-store';
import { SimulatedBucket } from './simulated-bucket';

/** The buckets as one process of a simulated world has them. */
export class SimulatedKeyValue extends KeyValue {
  readonly #closing = new AbortController();

  constructor(
    private readonly entries: EntryStore,
    private readonly link: Link,
  ) {
    super();
  }

  override async bucket(name: string, { ttl }: { readonly ttl?: number } = {}): Promise<Bucket> {
    const { link, entries } = this;
    const closing = this.#closing.signal;
    const open: Pick<Link, 'ask' | 'tell' | 'onFate'> = {
      ask: async (operation) => {
        if (closing.aborted) throw new DomainError('kv.closed', 'unavailable', 'This process has closed the simulated key-value store.');
        return link.ask(operation);
      },
      tell: (...told) => link.tell(...told),
      onFate: (fate) => link.onFate(fate),
    };
    return open.ask({ name: `kv.bucket ${name}`, effect: () => new SimulatedBucket({ name, ttl, entries, link: open, closing }) });
  }

  override async close(): Promise<void> {
    this.#closing.abort();
  }
}
