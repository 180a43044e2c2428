import type { CollectionSpec, Index } from '../collection';
import { documentTaken } from '../refusals';
import { fieldOf, parse, shapeOf, stateOf, valueOf, type KeptDocuments } from './kept';
import { isDuplicate } from './server';

/**
 * Makes the indexes of a collection what its spec says. Documents that other code indexed are indexed anew; refuses with
 * `documents.taken`, before anything changes, when they do not allow a unique index.
 */
export async function buildIndexes<T>(kept: KeptDocuments, spec: CollectionSpec<T>): Promise<void> {
  await kept.createIndexes([
    { key: { oldest: 1 }, name: 'oldest', sparse: true },
    { key: { shape: 1 }, name: 'shape' },
  ]);
  await indexAnew(kept, spec);
  for (const index of spec.indexes.filter(isUnique)) await buildUnique(kept, spec, index);
  await dropFormer(kept, spec);
}

async function indexAnew<T>(kept: KeptDocuments, spec: CollectionSpec<T>): Promise<void> {
  const other = { body: { $exists: true }, shape: { $ne: shapeOf(spec) } };
  if ((await kept.findOne(other, { projection: { _id: 1 } })) === null) return;
  await refuseDoubles(kept, spec);
  for await (const each of kept.find(other)) {
    const found = parse<T>(each);
    if (found === undefined || each.body === undefined) continue;
    const { index, shape } = stateOf(spec, found.document, each.body);
    // Whoever wrote it meanwhile has indexed it; older code in its own way, which is mended at the next opening.
    await kept.updateOne({ _id: each._id, write: each.write }, { $set: { index, shape } });
  }
}

async function buildUnique<T>(kept: KeptDocuments, spec: CollectionSpec<T>, { name }: Index<T>): Promise<void> {
  try {
    await kept.createIndex({ [fieldOf(name)]: 1 }, { name: `unique ${name}`, unique: true, sparse: true }, {});
  } catch (error) {
    if (isDuplicate(error)) await refuseDoubles(kept, spec);
    throw error;
  }
}

async function refuseDoubles<T>(kept: KeptDocuments, spec: CollectionSpec<T>): Promise<void> {
  const unique = spec.indexes.filter(isUnique).map((index) => ({ index, seen: new Set<string | number>() }));
  if (unique.length === 0) return;
  for await (const each of kept.find({ body: { $exists: true } }, { projection: { body: 1, revision: 1 } })) {
    const document = parse<T>(each)?.document;
    if (document === undefined) continue;
    for (const { index, seen } of unique) {
      const value = valueOf(index, document);
      if (value === undefined) continue;
      if (seen.has(value)) throw documentTaken(spec.name, index.name, value);
      seen.add(value);
    }
  }
}

/** Drops what an earlier spec declared and this one does not: an index of a field that is gone, or unique and no longer so. */
async function dropFormer<T>(kept: KeptDocuments, spec: CollectionSpec<T>): Promise<void> {
  const declared = new Set(spec.indexes.map(({ name }) => fieldOf(name)));
  const unique = new Set(spec.indexes.filter(isUnique).map(({ name }) => fieldOf(name)));
  for (const { key, name, unique: refuses = false } of await kept.indexes()) {
    const fields = Object.keys(key as object).filter((field) => field.startsWith('index.'));
    const former = fields.some((field) => !declared.has(field) || (refuses && !unique.has(field)));
    if (former && name !== undefined) await kept.dropIndex(name);
  }
}

function isUnique<T>({ unique }: Index<T>): boolean {
  return unique === true;
}
