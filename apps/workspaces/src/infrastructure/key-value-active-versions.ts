import { DomainError } from '@millrace/kernel';
import type { Bucket } from '@millrace/messaging';
import { ActiveVersions, type ActiveRecord } from '../application/ports/active-versions';

/** The records in the bucket `active`, by workspace, as JSON. */
export class KeyValueActiveVersions extends ActiveVersions {
  constructor(private readonly bucket: Bucket) {
    super();
  }

  override async put(record: ActiveRecord): Promise<void> {
    for (;;) {
      const entry = await this.bucket.get(record.workspaceId);
      if (entry !== undefined && read(entry.value).revision >= record.revision) return;
      const written = await this.bucket.putIf(record.workspaceId, Buffer.from(JSON.stringify(record)), entry?.revision ?? 0).catch(lost);
      if (written !== undefined) return;
    }
  }

  override remove(workspaceId: string): Promise<void> {
    return this.bucket.delete(workspaceId);
  }
}

function read(value: Uint8Array): ActiveRecord {
  return JSON.parse(Buffer.from(value).toString('utf8')) as ActiveRecord;
}

/** Somebody else was first: look again. */
function lost(error: unknown): undefined {
  if (error instanceof DomainError && error.code === 'kv.revision_conflict') return undefined;
  throw error;
}
