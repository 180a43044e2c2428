import { DomainError, type Clock, type Ids } from '@millrace/kernel';
import type { LoadRequest } from '@millrace/language';
import type { Bucket } from '@millrace/messaging';
import { lifetimeOf, transienceOf, type Circumstances } from '../../domain/contexts/lifetimes';
import { agedTo, NOTHING, type Bounds, type ContextRecord, type Flush, type Sizes } from '../../domain/contexts/record';
import { contextTooLarge } from '../../domain/contexts/refusals';
import { Cells, type Change, type Guard } from './cells';
import { ContextKeys } from './context-keys';
import { isSettled, Settlements } from './settlements';
import { decodeContext, encodeContext, recordIn, type StoredContext } from './stored-context';

/** Largest value of a key. */
const LARGEST_RECORD = 1024 * 1024;
/** Milliseconds for which the markers of a context that was deleted are kept. */
const AFTER_DELETION = 31 * 86_400_000;

export interface ContextStoreParts {
  readonly bucket: Bucket;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly sizes: Sizes;
}

/** Whose context: the workspace, and the name in it. */
export interface Place {
  readonly workspaceId: string;
  readonly name: LoadRequest;
}

/** Who changes a context: a run by a flush, or a person. */
export type Changer = Partial<Flush> & Circumstances & { readonly guard?: Guard };

/** Makes the next record; gives back the same one when there is nothing to change. */
export type RecordChange = (record: ContextRecord, bounds: Bounds) => ContextRecord;

/** The records of contexts, as of now: what ran out is not there. */
export class ContextStore {
  private readonly cells: Cells;
  private readonly keys: ContextKeys;
  private readonly settlements = new Settlements();

  constructor(private readonly parts: ContextStoreParts) {
    this.cells = new Cells(parts.bucket);
    this.keys = new ContextKeys(parts.ids);
  }

  async read({ workspaceId, name }: Place): Promise<ContextRecord> {
    return this.aged(recordIn(await this.parts.bucket.get(this.keys.key(workspaceId, name))));
  }

  /** The contexts of a workspace, of one owner if one is named. */
  async list(workspaceId: string, owner?: string): Promise<readonly StoredContext[]> {
    const prefix = owner === undefined ? this.keys.all(workspaceId) : this.keys.owned(workspaceId, owner);
    const stored = (await this.parts.bucket.list(prefix)).map(decodeContext);
    return stored.map((one) => ({ ...one, record: this.aged(one.record) })).filter(({ record }) => record.revision > 0);
  }

  /**
   * Changes a record by compare-and-set; a record given back as it was is not written. Who changes it by a flush leaves its marker.
   * Throws what the change throws, with nothing written.
   */
  async change({ workspaceId, name }: Place, by: Changer, change: RecordChange): Promise<ContextRecord> {
    const key = this.keys.key(workspaceId, name);
    const settled = this.settlements.dueIn(key);
    const { clock, sizes } = this.parts;
    const make = (found: ContextRecord): Made => {
      const bounds = { now: clock.now(), sizes };
      const before = agedTo(found, bounds.now, (marker) => isSettled(settled, marker));
      const after = change(before, bounds);
      if (after === before) return { record: before, written: false };
      return { record: { ...after, transience: transienceOf(name, by, found.transience) }, written: true };
    };
    const { written, record } = await this.contend(key, name, { make, guard: by.guard });
    const { run, number } = by;
    if (run !== undefined && number !== undefined) this.settlements.wrote(key, { run, number });
    if (written) this.settlements.dropped(key, settled);
    return record;
  }

  /** See `Contexts.settle`. */
  settle(run: string, before: number): void {
    this.settlements.settle(run, before);
  }

  private aged(record: ContextRecord): ContextRecord {
    return agedTo(record, this.parts.clock.now(), () => false);
  }

  private async contend(key: string, name: LoadRequest, { make, guard }: Attempt): Promise<Made> {
    try {
      return await this.cells.change(
        key,
        (entry) => {
          const made = make(recordIn(entry));
          return made.written ? { answer: made, ...kept(name, made.record, entry !== undefined) } : { answer: made };
        },
        guard,
      );
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'kv.value_too_large') throw error;
      throw contextTooLarge(name.context, LARGEST_RECORD);
    }
  }
}

interface Attempt {
  readonly make: (found: ContextRecord) => Made;
  readonly guard: Guard | undefined;
}

interface Made {
  readonly record: ContextRecord;
  readonly written: boolean;
}

/** How a record is kept. One that was deleted is kept for its markers only. */
function kept(name: LoadRequest, record: ContextRecord, isThere: boolean): Pick<Change<unknown>, 'value' | 'ttl'> {
  if (record.revision > 0) return { value: encodeContext(name, record), ttl: lifetimeOf(name.context, record.transience) };
  if (record.markers.length > 0) return { value: encodeContext(name, { ...NOTHING, markers: record.markers }), ttl: AFTER_DELETION };
  return isThere ? { value: null } : {};
}
