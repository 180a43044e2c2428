import type { Collection, IndexValue } from '@millrace/documents';

/** All documents with these values: of what is bounded, for all of them are held at once. */
export async function allOf<T>(collection: Collection<T>, where: Readonly<Record<string, IndexValue>>): Promise<readonly T[]> {
  return (await collection.all({ where })).map(({ document }) => document);
}
