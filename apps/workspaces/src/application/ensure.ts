import type { Changed, Collection } from '@millrace/documents';
import { isTaken } from './is-taken';

/** Makes the document if it is not there yet. Two who do so at once make one. */
export async function ensure<T>(collection: Collection<T>, id: string, make: () => T): Promise<void> {
  if ((await collection.find(id)) !== undefined) return;
  await collection.insert(make()).catch((error: unknown) => {
    if (!isTaken(error)) throw error;
  });
}

/** A change that also answers something to who asked for it. */
export interface Answering<T, R> extends Changed<T> {
  readonly result: R;
}

/** Changes a document and answers what the change that was saved said. */
export async function answering<T, R>(
  collection: Collection<T>,
  id: string,
  change: (document: T, revision: number) => Answering<T, R>,
): Promise<R> {
  const results: R[] = [];
  await collection.update(id, (document, revision) => {
    const { result, ...changed } = change(document, revision);
    results.push(result);
    return changed;
  });
  return results.at(-1) as R;
}
