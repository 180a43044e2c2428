import type { Blobs } from '@millrace/blobs';
import { DomainError } from '@millrace/kernel';
import type { Bucket } from '@millrace/messaging';
import type { Checkpoint } from '../../../domain/checkpoint';
import { runKey, type RunName } from '../../../domain/run';

const LARGEST_INLINE = 256 * 1024;
const MARK = 'blob:';
const LONGEST_REFERENCE = 1024;

/** Milliseconds for which it is remembered that a run has ended: a process that was away for so long may still believe to have it. */
const REMEMBERED = 600_000;

/** Checkpoints in memory while all of a workspace are looked at. */
const AT_ONCE = 100;

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const ENDED = 'ended';

/** Somebody else has taken the run on: whatever this process knows of it is of no use any more. */
export class Fenced extends Error {}

/** A checkpoint as it was found. Only who knows its revision may replace it. */
export interface StoredRun {
  readonly checkpoint: Checkpoint;
  readonly revision: number;
}

/** The checkpoints of the runs that have not ended. A write that resolved is durable. Large ones lie in blobs. */
export class RunStore {
  /** By the key of a run: the blob its checkpoint lies in, as far as this process has seen. */
  private readonly large = new Map<string, string>();

  constructor(
    private readonly bucket: Bucket,
    private readonly blobs: Blobs,
  ) {}

  async read(run: RunName): Promise<StoredRun | undefined> {
    const key = runKey(run);
    const entry = await this.bucket.get(key);
    const blob = entry === undefined ? undefined : blobIn(entry.value);
    if (blob !== undefined) this.large.set(key, blob);
    const checkpoint = entry === undefined ? undefined : await this.decode(entry.value);
    return entry === undefined || checkpoint === undefined ? undefined : { checkpoint, revision: entry.revision };
  }

  /** Resolves if the run still has this revision (0: none yet); throws `Fenced` when somebody else wrote or ended it. */
  async guard(run: RunName, revision: number): Promise<void> {
    const entry = await this.bucket.get(runKey(run));
    if ((entry?.revision ?? 0) !== revision) throw new Fenced(run.id);
  }

  /** Writes if the run still has this revision (0: none yet); answers the new one, undefined when somebody else wrote or ended it. */
  async write(checkpoint: Checkpoint, revision: number): Promise<number | undefined> {
    const key = runKey(checkpoint.run);
    const bytes = encoder.encode(JSON.stringify(checkpoint));
    const blob = bytes.length <= LARGEST_INLINE ? undefined : blobFor(checkpoint, revision);
    if (blob !== undefined) await this.blobs.put(blob, bytes);
    const written = await this.swap(key, blob === undefined ? bytes : encoder.encode(MARK + blob), revision);
    if (written !== undefined) await this.liesIn(key, blob);
    else if (blob !== undefined) await this.blobs.remove(blob);
    return written;
  }

  /** Removes the checkpoint of a run that has ended. For a while nobody can write one again. */
  async remove(run: RunName): Promise<void> {
    const key = runKey(run);
    await this.bucket.put(key, encoder.encode(ENDED), { ttl: REMEMBERED });
    await this.liesIn(key, undefined);
  }

  /** The runs of a workspace that have not ended, by id. Those of others are not read. */
  async list(workspaceId: string): Promise<readonly Checkpoint[]> {
    const found = new Map<string, Checkpoint>();
    for await (const checkpoint of this.each(workspaceId)) found.set(checkpoint.run.id, checkpoint);
    return [...found].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, checkpoint]) => checkpoint);
  }

  /** As `list`, in no order and a few at a time in memory; one that is kept anew meanwhile may come twice. */
  async *each(workspaceId: string): AsyncGenerator<Checkpoint> {
    for await (const entries of this.bucket.pages(runKey({ workspaceId, id: '' }), AT_ONCE)) {
      for (const { value } of entries) {
        const checkpoint = await this.decode(value).catch(unlessGone);
        if (checkpoint !== undefined) yield checkpoint;
      }
    }
  }

  /**
   * Forgets some runs of a workspace, at most so many, ended or not; whoever has one in hand has lost it. `before` is told each that has not
   * ended. Answers how many; 0: there are none left.
   */
  async forget(workspaceId: string, limit: number, before: (checkpoint: Checkpoint) => Promise<void>): Promise<number> {
    const entries = await this.bucket.list(runKey({ workspaceId, id: '' }), { limit });
    for (const { key, value } of entries) {
      const checkpoint = await this.decode(value).catch(unlessGone);
      if (checkpoint !== undefined) await before(checkpoint);
      await this.bucket.delete(key);
    }
    return entries.length;
  }

  private async swap(key: string, value: Uint8Array, revision: number): Promise<number | undefined> {
    try {
      return await this.bucket.putIf(key, value, revision);
    } catch (error) {
      if (error instanceof DomainError && error.code === 'kv.revision_conflict') return undefined;
      throw error;
    }
  }

  /** Lets the blob go in which the checkpoint was before. */
  private async liesIn(key: string, blob: string | undefined): Promise<void> {
    const before = this.large.get(key);
    if (blob === undefined) this.large.delete(key);
    else this.large.set(key, blob);
    if (before !== undefined) await this.blobs.remove(before);
  }

  /** Undefined: the run has ended. */
  private async decode(value: Uint8Array): Promise<Checkpoint | undefined> {
    const blob = blobIn(value);
    const text = decoder.decode(blob === undefined ? value : await this.blobs.read(blob));
    return text === ENDED ? undefined : (JSON.parse(text) as Checkpoint);
  }
}

/** The blob may have been removed before its entry was. */
function unlessGone(error: unknown): undefined {
  if (!(error instanceof DomainError) || error.refusal !== 'not-found') throw error;
}

/** Each who writes on the same revision has a blob of its own: the slower must not write over what the faster refers to. */
function blobFor({ run: { id, workspaceId }, lease }: Checkpoint, revision: number): string {
  return `${workspaceId}/runs/${id}/${revision + 1}.${lease?.owner ?? 'parked'}`;
}

/** The blob that an entry refers to; undefined when it holds the checkpoint itself. */
function blobIn(value: Uint8Array): string | undefined {
  const text = value.length > LONGEST_REFERENCE ? '' : decoder.decode(value);
  return text.startsWith(MARK) ? text.slice(MARK.length) : undefined;
}
