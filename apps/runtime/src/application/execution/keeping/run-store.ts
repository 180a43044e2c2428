import type { Blobs } from '@millrace/blobs';
import { DomainError } from '@millrace/kernel';
import type { Bucket } from '@millrace/messaging';
import type { Checkpoint } from '../../../domain/checkpoint';

const LARGEST_INLINE = 256 * 1024;
const MARK = 'blob:';
const LONGEST_REFERENCE = 1024;

/** Milliseconds for which it is remembered that a run has ended: a process that was away for so long may still believe to have it. */
const REMEMBERED = 600_000;

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
  /** By run: the blob its checkpoint lies in, as far as this process has seen. */
  private readonly large = new Map<string, string>();

  constructor(
    private readonly bucket: Bucket,
    private readonly blobs: Blobs,
  ) {}

  async read(run: string): Promise<StoredRun | undefined> {
    const entry = await this.bucket.get(run);
    const blob = entry === undefined ? undefined : blobIn(entry.value);
    if (blob !== undefined) this.large.set(run, blob);
    const checkpoint = entry === undefined ? undefined : await this.decode(entry.value);
    return entry === undefined || checkpoint === undefined ? undefined : { checkpoint, revision: entry.revision };
  }

  /** Resolves if the run still has this revision (0: none yet); throws `Fenced` when somebody else wrote or ended it. */
  async guard(run: string, revision: number): Promise<void> {
    const entry = await this.bucket.get(run);
    if ((entry?.revision ?? 0) !== revision) throw new Fenced(run);
  }

  /** Writes if the run still has this revision (0: none yet); answers the new one, undefined when somebody else wrote or ended it. */
  async write(checkpoint: Checkpoint, revision: number): Promise<number | undefined> {
    const { id } = checkpoint.run;
    const bytes = encoder.encode(JSON.stringify(checkpoint));
    const blob = bytes.length <= LARGEST_INLINE ? undefined : blobFor(checkpoint, revision);
    if (blob !== undefined) await this.blobs.put(blob, bytes);
    const written = await this.swap(id, blob === undefined ? bytes : encoder.encode(MARK + blob), revision);
    if (written !== undefined) await this.liesIn(id, blob);
    else if (blob !== undefined) await this.blobs.remove(blob);
    return written;
  }

  /** Removes the checkpoint of a run that has ended. For a while nobody can write one again. */
  async remove(run: string): Promise<void> {
    await this.bucket.put(run, encoder.encode(ENDED), { ttl: REMEMBERED });
    await this.liesIn(run, undefined);
  }

  /** The runs that have not ended, by id. */
  async list(): Promise<readonly Checkpoint[]> {
    const kept = await Promise.all((await this.bucket.list('run_')).map(({ value }) => this.decode(value)));
    return kept.filter((checkpoint) => checkpoint !== undefined);
  }

  private async swap(id: string, value: Uint8Array, revision: number): Promise<number | undefined> {
    try {
      return await this.bucket.putIf(id, value, revision);
    } catch (error) {
      if (error instanceof DomainError && error.code === 'kv.revision_conflict') return undefined;
      throw error;
    }
  }

  /** Lets the blob go in which the checkpoint was before. */
  private async liesIn(run: string, blob: string | undefined): Promise<void> {
    const before = this.large.get(run);
    if (blob === undefined) this.large.delete(run);
    else this.large.set(run, blob);
    if (before !== undefined) await this.blobs.remove(before);
  }

  /** Undefined: the run has ended. */
  private async decode(value: Uint8Array): Promise<Checkpoint | undefined> {
    const blob = blobIn(value);
    const text = decoder.decode(blob === undefined ? value : await this.blobs.read(blob));
    return text === ENDED ? undefined : (JSON.parse(text) as Checkpoint);
  }
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
