import { DomainError, type Clock, type Ids } from '@millrace/kernel';
import type { LoadRequest } from '@millrace/language';
import type { Bucket } from '@millrace/messaging';
import { correlationOf, holdersAfter, lifetimeOf, OF_CORRELATION, transienceOf, type Circumstances } from '../../domain/contexts/lifetimes';
import { agedTo, NOTHING, sizeOf, type Bounds, type ContextRecord, type Flush, type Sizes } from '../../domain/contexts/record';
import { contextTooLarge } from '../../domain/contexts/refusals';
import { isNearly, type Use } from '../../domain/nearly';
import { Cells, type Change, type Right } from './cells/cells';
import { ContextKeys } from './context-keys';
import type { ParkedRuns } from './parked-runs';
import { isSettled, Settlements } from './settlements';
import { decodeContext, encodeContext, recordIn, type StoredContext } from './stored-context';

/** Largest value of a key. */
const LARGEST_RECORD = 1024 * 1024;
/** Contexts in memory while all of a workspace are looked at: each may have a megabyte. */
const AT_ONCE = 20;
/** Milliseconds for which the markers of a context that was deleted are kept. */
const AFTER_DELETION = 31 * 86_400_000;

export interface ContextStoreParts {
  readonly bucket: Bucket;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly sizes: Sizes;
  /** Whom contexts that live with a correlation are there for; absent: nobody is parked. */
  readonly parked?: Pick<ParkedRuns, 'of'> | undefined;
  /** Milliseconds that a run may be in hand. */
  readonly inHand?: number | undefined;
  /** Told of each context that grows over four fifths of what it may be. */
  readonly onNear?: ((place: Place, use: Use) => void) | undefined;
}

/** Whose context: the workspace, and the name in it. */
export interface Place {
  readonly workspaceId: string;
  readonly name: LoadRequest;
}

/** Who changes a context: a run by a flush, or a person. */
export type Changer = Partial<Flush> & Circumstances & Right;

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
    return this.aged(recordIn(await this.cells.get(this.keys.key(workspaceId, name))));
  }

  /** The contexts of a workspace, of one owner if one is named, in no order and a few at a time in memory; one that is written meanwhile may come twice. */
  async *each(workspaceId: string, owner?: string): AsyncGenerator<StoredContext> {
    const prefix = owner === undefined ? this.keys.all(workspaceId) : this.keys.owned(workspaceId, owner);
    for await (const entries of this.parts.bucket.pages(prefix, AT_ONCE)) {
      for (const entry of entries) {
        const stored = decodeContext(entry);
        const record = this.aged(stored.record);
        if (record.revision > 0) yield { ...stored, record };
      }
    }
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
      return { record: { ...after, ...this.lifeOf(name, by, found) }, written: true, before };
    };
    const { written, record, before, bytes = 0 } = await this.contend(key, name, { make, right: by });
    if (before !== undefined) this.watch({ workspaceId, name }, { before, after: record, bytes });
    if (before?.revision === 0) await this.holdForParked({ workspaceId, name });
    const { run, number } = by;
    if (run !== undefined && number !== undefined) this.settlements.wrote(key, { run, number });
    if (written) this.settlements.dropped(key, settled);
    return record;
  }

  /** Holds the contexts of a correlation for a run, or, without `until`, not any more. */
  async hold(workspaceId: string, correlationId: string, { run, until }: { readonly run: string; readonly until?: number }): Promise<void> {
    for (const owner of [correlationId, OF_CORRELATION + correlationId]) {
      for await (const { name, record } of this.each(workspaceId, owner)) {
        if (correlationOf(name) !== correlationId || isHeld(record, run, until)) continue;
        await this.holdOne({ workspaceId, name }, { run, ...(until === undefined ? {} : { until }) });
      }
    }
  }

  /** See `Contexts.now`. */
  now(): number {
    return this.cells.now();
  }

  /** See `Contexts.settle`. */
  settle(run: string, before: number): void {
    this.settlements.settle(run, before);
  }

  /** Who was parked before there was this context could not hold it. */
  private async holdForParked(place: Place): Promise<void> {
    const correlation = correlationOf(place.name);
    const holders = correlation === undefined ? [] : ((await this.parts.parked?.of(place.workspaceId, correlation)) ?? []);
    for (const holder of holders) await this.holdOne(place, holder);
  }

  /** A context that went meanwhile stays away. */
  private async holdOne(place: Place, by: Pick<Changer, 'run' | 'until'>): Promise<void> {
    await this.change(place, by, (record) => (record.revision === 0 ? record : { ...record }));
  }

  private lifeOf(name: LoadRequest, by: Changer, found: ContextRecord): Pick<ContextRecord, 'transience' | 'holders'> {
    const transience = transienceOf(name, by, found.transience);
    if (transience !== 'correlation') return { transience };
    return { transience, holders: holdersAfter(found.holders ?? [], by.run, by, this.parts.clock.now()) };
  }

  private aged(record: ContextRecord): ContextRecord {
    return agedTo(record, this.parts.clock.now(), () => false);
  }

  private async contend(key: string, name: LoadRequest, { make, right }: Attempt): Promise<Made> {
    try {
      return await this.cells.change(
        key,
        (entry) => {
          const made = make(recordIn(entry));
          if (!made.written) return { answer: made };
          const kept = this.kept(name, made.record, entry !== undefined);
          return { answer: { ...made, bytes: kept.value?.length ?? 0 }, ...kept };
        },
        right,
      );
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'kv.value_too_large') throw error;
      throw contextTooLarge(name.context, LARGEST_RECORD);
    }
  }

  /** How a record is kept. One that was deleted is kept for its markers only. */
  private kept(name: LoadRequest, record: ContextRecord, isThere: boolean): Pick<Change<unknown>, 'value' | 'ttl'> {
    if (record.revision > 0) return { value: encodeContext(name, record), ttl: this.lifetimeOf(name, record) };
    if (record.markers.length > 0) return { value: encodeContext(name, { ...NOTHING, markers: record.markers }), ttl: AFTER_DELETION };
    return isThere ? { value: null } : {};
  }

  /** Whoever is well below by the bytes it is kept in is not measured. */
  private watch(place: Place, { before, after, bytes }: Grown): void {
    const { sizes, onNear } = this.parts;
    const { context } = place.name;
    const most = sizes[context];
    if (onNear === undefined || !isNearly({ used: bytes, most })) return;
    const used = sizeOf(after);
    if (isNearly({ used, most }) && !isNearly({ used: sizeOf(before), most })) onNear(place, { limit: `contexts.${context}`, used, most });
  }

  private lifetimeOf({ context }: LoadRequest, { transience, holders = [] }: ContextRecord): number | undefined {
    const { clock, inHand } = this.parts;
    return lifetimeOf(context, transience, { holders, now: clock.now(), inHand });
  }
}

interface Attempt {
  readonly make: (found: ContextRecord) => Made;
  readonly right: Right;
}

interface Made {
  readonly record: ContextRecord;
  readonly written: boolean;
  /** As it was before it was written. */
  readonly before?: ContextRecord;
  /** Bytes in which it is kept. */
  readonly bytes?: number;
}

interface Grown {
  readonly before: ContextRecord;
  readonly after: ContextRecord;
  readonly bytes: number;
}

/** Whether it needs no write to be held by the run until then, or by it no more. */
function isHeld({ holders = [] }: ContextRecord, run: string, until: number | undefined): boolean {
  return holders.find((holder) => holder.run === run)?.until === until;
}
