import type { Blobs } from '@millrace/blobs';
import { DomainError } from '@millrace/kernel';
import type { Bucket } from '@millrace/messaging';
import type { Checkpoint } from '../../domain/checkpoint';

const LARGEST_INLINE = 256 * 1024;
const MARK = 'blob:';

/** Milliseconds for which it is remembered that a run has ended: a process that was away for so long may still believe to have it. */
const REMEMBERED = 600_000;

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const ENDED = 'ended';

/** A checkpoint as it was found. Only who knows its revision may replace it. */
export interface StoredRun {
  readonly checkpoint: Checkpoint;
  readonly revision: number;
}

/** The checkpoints of the runs that have not ended. A write that resolved is durable. Large ones lie in blobs. */
export class RunStore {
  constructor(
    private readonly bucket: Bucket,
    private readonly blobs: Blobs,
  ) {}

  async read(run: string): Promise<StoredRun | undefined> {
    const entry = await this.bucket.get(run);
    const checkpoint = entry === undefined ? undefined : await this.decode(entry.value);
    return entry === undefined || checkpoint === undefined ? undefined : { checkpoint, revision: entry.revision };
  }

  /** Writes if the run still has this revision (0: none yet); answers the new one, undefined when somebody else wrote or ended it. */
  async write(checkpoint: Checkpoint, revision: number): Promise<number | undefined> {
    const { id, workspaceId } = checkpoint.run;
    const bytes = encoder.encode(JSON.stringify(checkpoint));
    const value = bytes.length <= LARGEST_INLINE ? bytes : await this.apart(`${workspaceId}/runs/${id}/${revision + 1}`, bytes);
    try {
      return await this.bucket.putIf(id, value, revision);
    } catch (error) {
      if (error instanceof DomainError && error.code === 'kv.revision_conflict') return undefined;
      throw error;
    }
  }

  /** Removes the checkpoint of a run that has ended. For a while nobody can write one again. */
  async remove(run: string): Promise<void> {
    await this.bucket.put(run, encoder.encode(ENDED), { ttl: REMEMBERED });
  }

  /** The runs that have not ended, by id. */
  async list(): Promise<readonly Checkpoint[]> {
    const kept = await Promise.all((await this.bucket.list('run_')).map(({ value }) => this.decode(value)));
    return kept.filter((checkpoint) => checkpoint !== undefined);
  }

  private async apart(key: string, bytes: Uint8Array): Promise<Uint8Array> {
    await this.blobs.put(key, bytes);
    return encoder.encode(MARK + key);
  }

  /** Undefined: the run has ended. */
  private async decode(value: Uint8Array): Promise<Checkpoint | undefined> {
    const text = decoder.decode(value);
    if (text === ENDED) return undefined;
    const whole = text.startsWith(MARK) ? decoder.decode(await this.blobs.read(text.slice(MARK.length))) : text;
    return JSON.parse(whole) as Checkpoint;
  }
}
