import type { Blobs } from '@millrace/blobs';
import { DomainError } from '@millrace/kernel';
import { UnnamedTexts } from '../application/ports/unnamed-texts';
import { retiredKey, retiredOf, retiredSinceOf, textKey, textsOf } from './text-keys';

const MARKS = 'retired-at/';
const PAGE = 200;

/**
 * Texts that nothing names, moved to `retired/<workspace>/<digest>`. Each time one is, a mark is left that is found by its time; which of them is
 * the last one stands in `retired-since/<workspace>/<digest>`, and only that one removes the text.
 */
export class BlobUnnamedTexts extends UnnamedTexts {
  constructor(private readonly blobs: Blobs) {
    super();
  }

  override async *digests(workspaceId: string): AsyncGenerator<string> {
    const prefix = textsOf(workspaceId);
    for await (const key of this.keys(prefix)) yield key.slice(prefix.length);
  }

  /** The copy and its mark first: a crash in between leaves both, and the next time ends it. Another instance may have been first. */
  override async retire(workspaceId: string, digest: string, now: number): Promise<void> {
    const bytes = await this.found(textKey(workspaceId, digest));
    if (bytes === undefined) return;
    await this.blobs.put(retiredKey(workspaceId, digest), bytes);
    await this.blobs.put(`${MARKS}${stampOf(now)}/${workspaceId}/${digest}`, new Uint8Array());
    await this.blobs.put(retiredSinceOf(workspaceId) + digest, Buffer.from(stampOf(now)));
    await this.blobs.remove(textKey(workspaceId, digest));
  }

  override async expire(before: number, isNamed: (workspaceId: string, digest: string) => Promise<boolean>): Promise<number> {
    let removed = 0;
    for await (const mark of this.keys(MARKS)) {
      const [stamp = '', workspaceId = '', digest = ''] = mark.slice(MARKS.length).split('/');
      if (stamp >= stampOf(before)) return removed;
      if (await this.isLast(stamp, workspaceId, digest)) {
        if (await isNamed(workspaceId, digest)) await this.bringBack(workspaceId, digest);
        else removed += 1;
        await this.blobs.remove(retiredKey(workspaceId, digest));
        await this.blobs.remove(retiredSinceOf(workspaceId) + digest);
      }
      await this.blobs.remove(mark);
    }
    return removed;
  }

  override async removeAll(workspaceId: string): Promise<void> {
    for (const prefix of [textsOf(workspaceId), retiredOf(workspaceId), retiredSinceOf(workspaceId)]) {
      for await (const key of this.keys(prefix)) await this.blobs.remove(key);
    }
  }

  /** Whether the text was not put aside once more after this time. */
  private async isLast(stamp: string, workspaceId: string, digest: string): Promise<boolean> {
    const since = await this.found(retiredSinceOf(workspaceId) + digest);
    return since === undefined || Buffer.from(since).toString('utf8') <= stamp;
  }

  private async found(key: string): Promise<Uint8Array | undefined> {
    try {
      return await this.blobs.read(key);
    } catch (error) {
      if (error instanceof DomainError && error.code === 'blobs.not_found') return undefined;
      throw error;
    }
  }

  private async bringBack(workspaceId: string, digest: string): Promise<void> {
    const key = textKey(workspaceId, digest);
    const isAside = (await this.blobs.stat(retiredKey(workspaceId, digest))) !== undefined;
    if (isAside && (await this.blobs.stat(key)) === undefined) {
      await this.blobs.put(key, await this.blobs.read(retiredKey(workspaceId, digest)));
    }
  }

  private async *keys(prefix: string): AsyncGenerator<string> {
    for (let after: string | undefined; ;) {
      const keys = await this.blobs.list(prefix, PAGE, after);
      yield* keys;
      if (keys.length < PAGE) return;
      after = keys.at(-1);
    }
  }
}

/** Sorts as its times do. */
function stampOf(time: number): string {
  return String(Math.max(0, time)).padStart(15, '0');
}
