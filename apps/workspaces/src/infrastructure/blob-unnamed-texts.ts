import type { Blobs } from '@millrace/blobs';
import { UnnamedTexts } from '../application/ports/unnamed-texts';
import { retiredKey, retiredOf, textKey, textsOf } from './text-keys';

const MARKS = 'retired-at/';
const PAGE = 200;

/** Texts that nothing names, moved to `retired/<workspace>/<digest>`, each with a mark that is found by its time. */
export class BlobUnnamedTexts extends UnnamedTexts {
  constructor(private readonly blobs: Blobs) {
    super();
  }

  override async *digests(workspaceId: string): AsyncGenerator<string> {
    const prefix = textsOf(workspaceId);
    for await (const key of this.keys(prefix)) yield key.slice(prefix.length);
  }

  /** The copy and its mark first: a crash in between leaves both, and the next time ends it. */
  override async retire(workspaceId: string, digest: string, now: number): Promise<void> {
    await this.blobs.put(retiredKey(workspaceId, digest), await this.blobs.read(textKey(workspaceId, digest)));
    await this.blobs.put(`${MARKS}${stampOf(now)}/${workspaceId}/${digest}`, new Uint8Array());
    await this.blobs.remove(textKey(workspaceId, digest));
  }

  override async expire(before: number, isNamed: (workspaceId: string, digest: string) => Promise<boolean>): Promise<number> {
    let removed = 0;
    for await (const mark of this.keys(MARKS)) {
      const [stamp = '', workspaceId = '', digest = ''] = mark.slice(MARKS.length).split('/');
      if (stamp >= stampOf(before)) return removed;
      if (await isNamed(workspaceId, digest)) await this.bringBack(workspaceId, digest);
      else removed += 1;
      await this.blobs.remove(retiredKey(workspaceId, digest));
      await this.blobs.remove(mark);
    }
    return removed;
  }

  override async removeAll(workspaceId: string): Promise<void> {
    for (const prefix of [textsOf(workspaceId), retiredOf(workspaceId)]) {
      for await (const key of this.keys(prefix)) await this.blobs.remove(key);
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
