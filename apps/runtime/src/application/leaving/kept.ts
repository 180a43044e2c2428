import type { Blobs } from '@millrace/blobs';
import type { Bucket } from '@millrace/messaging';
import type { Checkpoint } from '../../domain/checkpoint';
import { runKey } from '../../domain/run';
import type { RunStore } from '../execution/keeping/run-store';
import type { LetterBox } from '../inspecting/dead-letters/letter-box';
import type { Timers } from '../timers/timers';

/** Something that is kept of workspaces. */
export interface Kept {
  /** As it is counted. */
  readonly name: string;
  /** Removes all there is of a workspace; answers how much. Done again it finds what was left. */
  remove(workspaceId: string): Promise<number>;
}

const AT_ONCE = 200;

/** The entries of a bucket whose keys begin so. */
export function entriesOf(name: string, bucket: Pick<Bucket, 'list' | 'delete'>, prefixOf: (workspaceId: string) => string): Kept {
  return {
    name,
    remove: async (workspaceId) => {
      for (let count = 0; ;) {
        const entries = await bucket.list(prefixOf(workspaceId), { limit: AT_ONCE });
        if (entries.length === 0) return count;
        await Promise.all(entries.map(({ key }) => bucket.delete(key)));
        count += entries.length;
      }
    },
  };
}

/** The blobs whose keys begin so. */
export function blobsOf(name: string, blobs: Pick<Blobs, 'list' | 'remove'>, prefixOf: (workspaceId: string) => string): Kept {
  return {
    name,
    remove: async (workspaceId) => {
      for (let count = 0; ;) {
        const keys = await blobs.list(prefixOf(workspaceId), AT_ONCE);
        if (keys.length === 0) return count;
        for (const key of keys) await blobs.remove(key);
        count += keys.length;
      }
    },
  };
}

/** Its runs, with their timers: whoever has one in hand has lost it. */
export function runsOf(store: Pick<RunStore, 'forget'>, timers: Pick<Timers, 'clear'>): Kept {
  const clear = async ({ run, timer }: Checkpoint): Promise<void> => {
    if (timer !== undefined) await timers.clear(runKey(run), timer);
  };
  return {
    name: 'runs',
    remove: async (workspaceId) => {
      for (let count = 0; ;) {
        const some = await store.forget(workspaceId, AT_ONCE, clear);
        if (some === 0) return count;
        count += some;
      }
    },
  };
}

/** The events that could not be handled. */
export function lettersOf(box: Pick<LetterBox, 'each' | 'discard'>): Kept {
  return {
    name: 'deadLetters',
    remove: async (workspaceId) => {
      let count = 0;
      for await (const { id } of box.each(workspaceId)) {
        await box.discard(id);
        count += 1;
      }
      return count;
    },
  };
}
