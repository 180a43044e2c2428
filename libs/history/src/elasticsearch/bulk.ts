import type { estypes } from '@elastic/elasticsearch';
import { DomainError } from '@millrace/kernel';
import type { ItemResult } from '../history';
import type { Document } from './document/document';
import type { Store } from './store';

const HEAVIEST = 8 * 1024 * 1024;
const CREATED = 201;
const EXISTS = 409;
const NOT_SO = 400;
const NOT_NOW = 503;
// How long the server may wait for a shard that is on its way back.
const SHARD_TIMEOUT = '10s';
// All that is read of the answer; the rest would be as long as the events.
const ANSWERED = ['items.create.status', 'items.create.error'];
// The store says 400 to this, too, and it is no fault of the document: the cluster has as many shards as it may.
const NO_ROOM = 'validation_exception';

const STORED: ItemResult = { kind: 'stored' };

/** Writes documents, each of which answers for itself, in the order given. */
export class Bulk {
  constructor(private readonly store: Store) {}

  async write(documents: readonly Document[]): Promise<readonly ItemResult[]> {
    const results: ItemResult[] = [];
    for (const portion of portions(documents)) results.push(...(await this.writePortion(portion)));
    return results;
  }

  private async writePortion(documents: readonly Document[]): Promise<readonly ItemResult[]> {
    const first = await this.send(documents, ({ json }) => json);
    const again = documents.filter((_, index) => isRefused(first[index]));
    const second = (again.length === 0 ? [] : await this.send(again, ({ bare }) => bare())).values();
    const answers = first.map((answer) => (isRefused(answer) ? second.next().value : answer));
    const unsealed = await this.seal(documents.filter((_, index) => answers[index]?.status === EXISTS));
    return answers.map((answer) => (answer?.status === EXISTS && unsealed !== undefined ? busy(unsealed) : resultOf(answer)));
  }

  private async send(documents: readonly Document[], jsonOf: (document: Document) => string): Promise<readonly Answer[]> {
    const operations = documents.flatMap((document) => [
      JSON.stringify({ create: { _index: document.index, _id: document.id } }),
      jsonOf(document),
    ]);
    try {
      const { items } = await this.store.ask((client) => client.bulk({ operations, timeout: SHARD_TIMEOUT, filter_path: ANSWERED }));
      return documents.map((_, index) => items[index]?.create);
    } catch (error) {
      const reason = unavailable(error);
      return documents.map(() => ({ status: NOT_NOW, error: { type: 'unavailable', reason } }));
    }
  }

  /**
   * What exists already may have been written by a request that is still under way, and not be on the disk yet: only of what is new does the
   * store promise that. Answers what went wrong.
   */
  private async seal(documents: readonly Document[]): Promise<string | undefined> {
    const indices = [...new Set(documents.map(({ index }) => index))];
    if (indices.length === 0) return undefined;
    try {
      await this.store.ask((client) => client.indices.flush({ index: indices, wait_if_ongoing: true }));
      return undefined;
    } catch (error) {
      return unavailable(error);
    }
  }
}

/** What is wrong with a store that answers nothing now; anything else is thrown on. */
function unavailable(error: unknown): string {
  if (error instanceof DomainError && error.code === 'history.store_unavailable') return error.message;
  throw error;
}

type Answer = Pick<estypes.BulkResponseItem, 'status' | 'error'> | undefined;

function isRefused(answer: Answer): boolean {
  return answer?.status === NOT_SO && answer.error?.type !== NO_ROOM;
}

function resultOf(answer: Answer): ItemResult {
  if (answer?.status === CREATED || answer?.status === EXISTS) return STORED;
  const reason = `${answer?.error?.type ?? 'no answer'}: ${answer?.error?.reason ?? 'the store did not answer for this event'}`;
  return isRefused(answer) ? { kind: 'refused', reason: `The store does not take the event: ${reason}.` } : busy(reason);
}

function busy(reason: string): ItemResult {
  return { kind: 'busy', reason };
}

/** As many documents at once as the server should hold. */
function* portions(documents: readonly Document[]): Generator<readonly Document[]> {
  let portion: Document[] = [];
  let bytes = 0;
  for (const document of documents) {
    if (portion.length > 0 && bytes + document.json.length > HEAVIEST) {
      yield portion;
      portion = [];
      bytes = 0;
    }
    portion.push(document);
    bytes += document.json.length;
  }
  if (portion.length > 0) yield portion;
}
