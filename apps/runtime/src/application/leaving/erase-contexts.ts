import type { Bucket } from '@millrace/messaging';
import { decodeContext } from '../contexts/stored-context';

/** Erases what automations remember of who has left: their contexts of the kind `user`, in every workspace and app. */
export class EraseContexts {
  constructor(private readonly bucket: Pick<Bucket, 'list' | 'delete'>) {}

  /** Answers how many. May be repeated. */
  async run(user: string): Promise<{ contexts: number }> {
    const entries = await this.bucket.list('');
    const theirs = entries.filter((entry) => {
      const { name } = decodeContext(entry);
      return name.context === 'user' && name.owner === user;
    });
    for (const { key } of theirs) await this.bucket.delete(key);
    return { contexts: theirs.length };
  }
}
