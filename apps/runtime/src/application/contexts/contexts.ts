import { DomainError, type Clock, type Ids, type Json, type JsonMap } from '@millrace/kernel';
import type { EffectError, LoadRequest, SharedContext, WriteRequest } from '@millrace/language';
import type { Bucket } from '@millrace/messaging';
import type { Circumstances } from '../../domain/contexts/lifetimes';
import type { Run } from '../../domain/run';
import { patchWrites } from '../../domain/contexts/merge-patch';
import {
  DEFAULT_SIZES,
  markerOf,
  NOTHING,
  sizeOf,
  withAwaited,
  withFlush,
  withValue,
  withWrites,
  type ContextRecord,
  type Flush,
  type Sizes,
} from '../../domain/contexts/record';
import { contextChanged, contextMissing } from '../../domain/contexts/refusals';
import type { Right } from './cells/cells';
import { ContextStore, type ContextStoreParts, type Place, type RecordChange } from './context-store';
import type { ParkedRuns } from './parked-runs';

/** A context as it is read: `{}` with revision 0 when there is none. */
export interface Context {
  readonly revision: number;
  readonly value: JsonMap;
}

/** A context as it is listed. */
export interface ContextSummary extends LoadRequest {
  readonly revision: number;
  /** Characters of JSON. */
  readonly size: number;
}

/** What is known of a run that writes. Without it, contexts that only live with the run's correlation live like any other. */
type Writer = Flush & Circumstances & Right;

export interface ContextsSettings {
  readonly sizes?: Sizes;
  /** Those for which what lives with their correlation is there, however long they wait; absent: nobody waits. */
  readonly parked?: ParkedRuns;
  /** Milliseconds that a run may be in hand, waiting aside. */
  readonly inHand?: number;
  /** Told of each context that grows over four fifths of what it may be. */
  readonly onNear?: ContextStoreParts['onNear'];
}

/** The contexts of all workspaces (`language.md` §10). What a run has written is durable when the promise resolved. */
export class Contexts {
  private readonly store: ContextStore;

  constructor(
    bucket: Bucket,
    clock: Clock,
    ids: Ids,
    private readonly settings: ContextsSettings = {},
  ) {
    this.store = new ContextStore({ bucket, clock, ids, sizes: DEFAULT_SIZES, ...settings });
  }

  /** An instant: whatever was loaded by now was loaded before it. */
  now(): number {
    return this.store.now();
  }

  /** The context as stored; `{}` with revision 0 when there is none or it ran out. */
  async load(workspaceId: string, request: LoadRequest): Promise<Context> {
    return contextOf(await this.store.read({ workspaceId, name: request }));
  }

  /**
   * Applies a run's writes in order, context by context, each by compare-and-set and all of its writes or none; exactly once per run and
   * number however often it is called, as long as `guard` lets through nobody who has lost the run. Throws `runtime.context_too_large`, or what the language says of a write that does not fit (any
   * more), with nothing of that context and those after it written.
   */
  async flush(workspaceId: string, flush: Writer & { readonly writes: readonly WriteRequest[] }): Promise<void> {
    for (const writes of byContext(flush.writes)) {
      const [name] = writes;
      if (name === undefined) continue;
      await this.once({ workspaceId, name }, flush, (record, bounds) => withFlush(record, flush, writes, bounds));
    }
  }

  /**
   * One write whose result is awaited: `{ revision, value at path }`, the same however often it is called with this run and number. One
   * that is refused (`runtime.context_conflict`, `runtime.context_too_large` …) leaves no trace.
   */
  async write(
    workspaceId: string,
    write: Writer & { readonly request: WriteRequest },
  ): Promise<{ readonly value: Json } | { readonly error: EffectError }> {
    const { request } = write;
    try {
      const record = await this.once({ workspaceId, name: request }, write, (found, bounds) => withAwaited(found, write, request, bounds));
      return { value: markerOf(record, write)?.result ?? null };
    } catch (error) {
      if (!(error instanceof DomainError) || error.refusal === 'unavailable') throw error;
      return { error: { code: error.code, refusal: error.refusal, message: error.message } };
    }
  }

  /** The flushes and writes of the run with a smaller number than `before` will not be repeated: what was kept to know them may go. */
  settle(run: string, before = Infinity): void {
    this.store.settle(run, before);
  }

  /** A run waits: what lives with its correlation is there until it has ended or its time is over. Durable when it resolves. */
  async keepFor(run: Run): Promise<void> {
    await this.settings.parked?.add(run);
    await this.store.hold(run.workspaceId, run.correlationId, { run: run.id, until: run.deadline });
  }

  /** A run that waited or wrote has ended: what lives with its correlation need not be there for it. */
  async letGo(run: Run): Promise<void> {
    await this.settings.parked?.remove(run);
    await this.store.hold(run.workspaceId, run.correlationId, { run: run.id });
  }

  /** The contexts of a workspace, of one kind and one owner if these are named, in no order; one that is written meanwhile may come twice. */
  async *each(
    workspaceId: string,
    { context, owner }: { readonly context?: SharedContext; readonly owner?: string } = {},
  ): AsyncGenerator<ContextSummary> {
    for await (const { name, record } of this.store.each(workspaceId, owner)) {
      if (context === undefined || name.context === context) yield { ...name, revision: record.revision, size: sizeOf(record) };
    }
  }

  /**
   * Replaces a context as a whole; `revision` is the one that must be there now (0: none), else `runtime.precondition_failed`. May throw
   * `runtime.context_too_large`.
   */
  async put(workspaceId: string, name: LoadRequest, value: JsonMap, revision?: number): Promise<Context> {
    return this.edit({ workspaceId, name }, revision, (record, bounds) => withValue(record, name.context, value, bounds));
  }

  /** Changes a context as a merge patch (RFC 7396) says; `revision` and refusals as in `put`. */
  async patch(workspaceId: string, name: LoadRequest, patch: JsonMap, revision?: number): Promise<Context> {
    return this.edit({ workspaceId, name }, revision, (record, bounds) => {
      const writes = patchWrites(name, record.value, patch);
      return writes.length === 0 ? record : withWrites(record, writes, bounds).after;
    });
  }

  /** Removes a context; `runtime.context_not_found` when there is none. `revision` as in `put`. */
  async delete(workspaceId: string, name: LoadRequest, revision?: number): Promise<void> {
    await this.edit({ workspaceId, name }, revision, (record) => {
      if (record.revision === 0) throw contextMissing(name.context);
      return { ...NOTHING, markers: record.markers };
    });
  }

  private async once(place: Place, by: Writer, change: RecordChange): Promise<ContextRecord> {
    return this.store.change(place, by, (record, bounds) => (markerOf(record, by) === undefined ? change(record, bounds) : record));
  }

  private async edit(place: Place, revision: number | undefined, change: RecordChange): Promise<Context> {
    const { context } = place.name;
    const record = await this.store.change(place, {}, (found, bounds) => {
      if (revision !== undefined && revision !== found.revision) throw contextChanged(context, found.revision);
      return change(found, bounds);
    });
    return contextOf(record);
  }
}

function contextOf({ revision, value }: ContextRecord): Context {
  return { revision, value };
}

/** The writes of each context, in order; the contexts in the order of their first writes. */
function byContext(writes: readonly WriteRequest[]): Iterable<readonly WriteRequest[]> {
  const groups = new Map<string, WriteRequest[]>();
  for (const write of writes) {
    const name = JSON.stringify([write.context, write.instance, write.owner]);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [write]);
    else group.push(write);
  }
  return groups.values();
}
