import { DomainError, type Clock, type Ids } from '@millrace/kernel';
import type { Blobs, BlobStat, ByteRange } from './blobs';
import { blobMissing } from './refusals';

/** Bytes that are kept, and belong to nobody yet. */
export interface StagedBlob extends BlobStat {
  /** What whoever takes them over names them by. */
  readonly ref: string;
}

const BYTES = 'uploads/';
const MARKS = 'staged/';
const REF = /^\d{15}-[a-z]+_[0-9a-z]{26}$/;
const PAGE = 200;

/**
 * Blobs on their way to an owner, and with it; named by refs, of which another is refused with `blobs.ref_invalid`. Each has a mark beside it until somebody keeps it, put before the bytes and taken away after the owner has
 * written down that they are its own; so whatever a crash leaves behind is found by its mark and swept.
 */
export class StagedBlobs {
  constructor(
    private readonly blobs: Blobs,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** Stores the bytes of nobody; fails as their source does. */
  async put(bytes: Uint8Array | AsyncIterable<Uint8Array>): Promise<StagedBlob> {
    const ref = this.mintRef();
    await this.mark(ref);
    return { ref, ...(await this.blobs.put(this.keyOf(ref), bytes)) };
  }

  /** What is known of the bytes. `blobs.not_found` when there are none. */
  async stat(ref: string): Promise<BlobStat> {
    const stat = await this.blobs.stat(this.keyOf(ref));
    if (stat === undefined) throw blobMissing(ref);
    return stat;
  }

  /** Streams the bytes, as `Blobs.get`. */
  async get(ref: string, range?: ByteRange): Promise<AsyncIterable<Uint8Array>> {
    return this.blobs.get(this.keyOf(ref), range);
  }

  /** The first bytes, at most so many. */
  async head(ref: string, most: number): Promise<Uint8Array> {
    const { size } = await this.stat(ref);
    if (size === 0) return new Uint8Array();
    const chunks = await Array.fromAsync(await this.get(ref, { start: 0, end: Math.min(most, size) - 1 }));
    return Buffer.concat(chunks);
  }

  /** The bytes have an owner now, who has written that down: nobody sweeps them. */
  async keep(ref: string): Promise<void> {
    await this.blobs.remove(this.markOf(ref));
  }

  /** The owner is about to let go of the bytes: should it not come to `discard`, they are swept. */
  async mark(ref: string): Promise<void> {
    await this.blobs.put(this.markOf(ref), new Uint8Array());
  }

  /** Removes the bytes, then their mark. Absent already is fine. */
  async discard(ref: string): Promise<void> {
    await this.blobs.remove(this.keyOf(ref));
    await this.blobs.remove(this.markOf(ref));
  }

  /** Discards what has been staged for `age` milliseconds and is not `owned`; answers how many. What is owned loses its mark only. */
  async sweep(age: number, owned: (ref: string) => Promise<boolean>): Promise<number> {
    const newest = stampOf(this.clock.now() - age);
    let swept = 0;
    for (let after: string | undefined; ;) {
      const marks = await this.blobs.list(MARKS, PAGE, after);
      for (const ref of marks.map((mark) => mark.slice(MARKS.length))) {
        if (ref >= newest) return swept;
        if (await owned(ref)) {
          await this.keep(ref);
          continue;
        }
        await this.discard(ref);
        swept += 1;
      }
      after = marks.at(-1);
      if (marks.length < PAGE) return swept;
    }
  }

  private mintRef(): string {
    return `${stampOf(this.clock.now())}-${this.ids.mint('upl')}`;
  }

  private keyOf(ref: string): string {
    if (!REF.test(ref)) throw refInvalid(ref);
    return BYTES + ref;
  }

  private markOf(ref: string): string {
    if (!REF.test(ref)) throw refInvalid(ref);
    return MARKS + ref;
  }
}

/** Sorts as its times do. */
function stampOf(time: number): string {
  return String(Math.max(0, time)).padStart(15, '0');
}

function refInvalid(ref: string): DomainError {
  const shown = JSON.stringify(ref.slice(0, 100));
  return new DomainError('blobs.ref_invalid', 'invalid', `${shown} names no staged blob.`, { facts: { ref: shown } });
}
