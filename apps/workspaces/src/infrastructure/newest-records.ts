import { DomainError } from '@millrace/kernel';
import type { Bucket } from '@millrace/messaging';
import type { ActiveVersions } from '../application/ports/active-versions';
import type { OpenOrigins } from '../application/ports/open-origins';

/** What is told of a workspace, at a revision. */
interface WorkspaceRecord {
  readonly workspaceId: string;
  readonly revision: number;
}

/** The newest record of each workspace, as JSON in a bucket, by the workspace's id. */
class NewestRecords<R extends WorkspaceRecord> {
  constructor(private readonly bucket: Bucket) {}

  async put(record: R): Promise<void> {
    for (;;) {
      const entry = await this.bucket.get(record.workspaceId);
      if (entry !== undefined && read(entry.value).revision >= record.revision) return;
      const written = await this.bucket.putIf(record.workspaceId, Buffer.from(JSON.stringify(record)), entry?.revision ?? 0).catch(lost);
      if (written !== undefined) return;
    }
  }

  remove(workspaceId: string): Promise<void> {
    return this.bucket.delete(workspaceId);
  }
}

/** What runs in the workspaces, in the bucket `active`. */
export function activeVersionsIn(bucket: Bucket): ActiveVersions {
  return new NewestRecords(bucket);
}

/** Which origins the workspaces let in, in the bucket `origins`. */
export function openOriginsIn(bucket: Bucket): OpenOrigins {
  return new NewestRecords(bucket);
}

function read(value: Uint8Array): WorkspaceRecord {
  return JSON.parse(Buffer.from(value).toString('utf8')) as WorkspaceRecord;
}

/** Somebody else was first: look again. */
function lost(error: unknown): undefined {
  if (error instanceof DomainError && error.code === 'kv.revision_conflict') return undefined;
  throw error;
}
