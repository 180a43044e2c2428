import type { Bucket } from '@millrace/messaging';
import { decodeContext } from '../contexts/stored-context';

/** Contexts in memory while all are looked at: each may have a megabyte. */
const AT_ONCE = 20;

/** Erases what automations remember of who has left: their contexts of the kind `user`, in every workspace and app. */
export class EraseContexts {
  constructor(private readonly bucket: Pick<Bucket, 'pages' | 'delete'>) {}

  /** Answers how many. May be repeated. */
  async run(user: string): Promise<{ contexts: number }> {
    const theirs = new Set<string>();
    for await (const entries of this.bucket.pages('', AT_ONCE)) {
      for (const entry of entries) {
        const { name } = decodeContext(entry);
        if (name.context === 'user' && name.owner === user) theirs.add(entry.key);
      }
    }
    for (const key of theirs) await this.bucket.delete(key);
    return { contexts: theirs.size };
  }
}
