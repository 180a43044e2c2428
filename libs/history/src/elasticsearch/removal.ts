import { documentId } from './document/document';
import { search, type Place } from './place';
import { allOf, type Query } from './query/bounds';

const AT_ONCE = 1_000;
const DELETED = 200;
const ABSENT = 404;

/** Removes a workspace's events recorded before a time, some at a time; answers how many. */
export function dropBefore(place: Place, workspaceId: string, before: number): Promise<number> {
  return removeFitting(place, allOf([{ term: { workspace: workspaceId } }, { range: { recordedAt: { lt: Math.ceil(before) } } }]));
}

/** Removes these events of a workspace; answers how many were there. Their ids do not tell which weeks they lie in, so they are looked for first. */
export async function removeEvents(place: Place, workspaceId: string, ids: readonly string[]): Promise<number> {
  let removed = 0;
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    const values = ids.slice(from, from + AT_ONCE).map((id) => documentId(workspaceId, id));
    removed += await removeFitting(place, allOf([{ ids: { values } }, { term: { workspace: workspaceId } }]));
  }
  return removed;
}

async function removeFitting(place: Place, query: Query): Promise<number> {
  for (let removed = 0; ;) {
    const found = await oldest(place, query);
    if (found.length === 0) return removed;
    removed += await remove(place, found);
  }
}

interface Found {
  readonly _index: string;
  readonly _id: string;
}

async function oldest(place: Place, query: Query): Promise<readonly Found[]> {
  const { hits } = await search(place, query, { sort: [{ recordedAt: 'asc' }], size: AT_ONCE, _source: false, track_total_hits: false });
  return hits.hits.flatMap(({ _index, _id }) => (_id === undefined ? [] : [{ _index, _id }]));
}

/** They are invisible when this comes back, so that the next look finds others. */
async function remove({ store }: Place, found: readonly Found[]): Promise<number> {
  const operations = found.map(({ _index, _id }) => ({ delete: { _index, _id } }));
  const { items } = await store.ask((client) => client.bulk({ operations, refresh: true }));
  const failed = items.find(({ delete: item }) => item?.status !== DELETED && item?.status !== ABSENT)?.delete?.error;
  if (failed !== undefined) throw store.unavailable(`${failed.type}: ${failed.reason ?? ''}`);
  return items.filter(({ delete: item }) => item?.status === DELETED).length;
}
