import type { Collection, IndexValue } from '@millrace/documents';

const PAGE = 200;

/** All documents with these values: of what is bounded, for all of them are held at once. */
export async function allOf<T>(collection: Collection<T>, where: Readonly<Record<string, IndexValue>>): Promise<readonly T[]> {
  const found: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await collection.page({ where, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    found.push(...page.items.map(({ document }) => document));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return found;
}
