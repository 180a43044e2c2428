import type { Page } from '@millrace/kernel';
import type { mongo } from 'mongoose';
import type { CollectionSpec, PageQuery, Stored } from '../collection';
import { readCursor, writeCursor, type Place } from '../paging/cursor';
import { limitInvalid } from '../refusals';
import { fieldOf, parse, valueOf, type Kept, type KeptDocuments } from './kept';

// Enough for every list a service offers; a caller who could make up more of them would make every write slower.
const INDEXES_AT_MOST = 16;
const LARGEST_PAGE = 200;

/** Reads pages of one collection. The first page of a new kind builds the index that it walks, so no page sorts or scans. */
export class MongoPages<T> {
  private readonly built = new Map<string, Promise<string>>();

  constructor(
    private readonly kept: KeptDocuments,
    private readonly spec: CollectionSpec<T>,
  ) {}

  async read(query: PageQuery): Promise<Page<Stored<T>>> {
    const { limit, where = {}, by } = query;
    if (!Number.isInteger(limit) || limit < 1 || limit > LARGEST_PAGE) throw limitInvalid(this.spec.name, limit);
    const equal = Object.keys(where).sort();
    this.refuseUndeclared(by === undefined ? equal : [...equal, by]);
    const filter = this.filter(query);
    await this.buildIndex(by === undefined || equal.includes(by) ? equal : [...equal, by]);
    const found = await this.kept
      .find(filter, { projection: { body: 1, revision: 1 } })
      .sort(sortOf(query))
      .limit(limit + 1)
      .toArray();
    return this.pageOf(
      query,
      found.flatMap((kept) => parse<T>(kept) ?? []),
    );
  }

  /** The number of documents with these values. */
  async count(where: NonNullable<PageQuery['where']>): Promise<number> {
    const equal = Object.keys(where).sort();
    this.refuseUndeclared(equal);
    await this.buildIndex(equal);
    return this.kept.countDocuments(this.filter({ where, limit: LARGEST_PAGE }));
  }

  private pageOf(query: PageQuery, found: readonly Stored<T>[]): Page<Stored<T>> {
    const items = found.slice(0, query.limit);
    const last = items.at(-1)?.document;
    if (found.length <= query.limit || last === undefined) return { items };
    const index = this.spec.indexes.find(({ name }) => name === query.by);
    const value = (index === undefined ? undefined : valueOf(index, last)) ?? null;
    return { items, nextCursor: writeCursor(this.spec.name, query, { value, id: this.spec.id(last) }) };
  }

  private filter(query: PageQuery): mongo.Filter<Kept> {
    const { where = {}, cursor } = query;
    const equal = Object.entries(where).map(([name, value]) => ({ [fieldOf(name)]: typeof value === 'boolean' ? Number(value) : value }));
    const behind = cursor === undefined ? [] : [behindOf(query, readCursor(this.spec.name, query, cursor))];
    return { $and: [{ body: { $exists: true } }, ...equal, ...behind] };
  }

  private async buildIndex(names: readonly string[]): Promise<void> {
    const called = `by ${names.join(' ')}`;
    if (names.length === 0 || (!this.built.has(called) && this.built.size === INDEXES_AT_MOST)) return;
    const keys = Object.fromEntries([...names.map(fieldOf), '_id'].map((field) => [field, 1 as const]));
    const building = this.built.get(called) ?? this.kept.createIndex(keys, { name: called }, {});
    this.built.set(called, building);
    await building.catch((error: unknown) => {
      this.built.delete(called);
      throw error;
    });
  }

  private refuseUndeclared(names: readonly string[]): void {
    const unknown = names.find((name) => !this.spec.indexes.some((index) => index.name === name));
    if (unknown !== undefined) throw new Error(`"${this.spec.name}" declares no index "${unknown}".`);
  }
}

function sortOf({ by, direction }: PageQuery): Record<string, 1 | -1> {
  const way = direction === 'descending' ? -1 : 1;
  return by === undefined ? { _id: way } : { [fieldOf(by)]: way, _id: way };
}

/** The documents behind a place. Those without a value come before all others; comparisons with a value never find them. */
function behindOf({ by, direction }: PageQuery, { value, id }: Place): object {
  const further = direction === 'descending' ? '$lt' : '$gt';
  const alike = { _id: { [further]: id } };
  if (by === undefined) return alike;
  const field = fieldOf(by);
  const has = { [field]: { $exists: true } };
  const hasNot = { [field]: { $exists: false } };
  if (value === null) return direction === 'descending' ? { ...hasNot, ...alike } : { $or: [{ ...hasNot, ...alike }, has] };
  const beyond = { $or: [{ [field]: { [further]: value } }, { [field]: value, ...alike }] };
  return direction === 'descending' ? { $or: [...beyond.$or, hasNot] } : { $and: [{ [field]: { $gte: value } }, beyond] };
}
