import { DomainError } from '@millrace/kernel';
import type { Bucket } from '@millrace/messaging';
import type { ConfigRecord, ConfigRecords } from '../application/ports/config-records';
import type { ActiveVersions } from '../application/ports/active-versions';
import type { EgressRecords } from '../application/ports/egress-records';
import type { OpenOrigins } from '../application/ports/open-origins';

/** What is told of a workspace, at a revision. */
interface WorkspaceRecord {
  readonly workspaceId: string;
  readonly revision: number;
}

/** The newest record of each workspace, as JSON in a bucket, by the workspace's id. */
class NewestRecords<R extends WorkspaceRecord> {
  constructor(protected readonly bucket: Bucket) {}

  async put(record: R): Promise<void> {
    const key = this.keyOf(record);
    for (;;) {
      const entry = await this.bucket.get(key);
      if (entry !== undefined && read(entry.value).revision >= record.revision) return;
      const written = await this.bucket.putIf(key, Buffer.from(JSON.stringify(record)), entry?.revision ?? 0).catch(lost);
      if (written !== undefined) return;
    }
  }

  protected keyOf({ workspaceId }: R): string {
    return workspaceId;
  }

  remove(workspaceId: string): Promise<void> {
    return this.bucket.delete(workspaceId);
  }
}

/** The newest record of each configuration, by the workspace's id and the path of the app instance; `=`: the workspace itself. */
class NewestConfigs extends NewestRecords<ConfigRecord> {
  protected override keyOf({ workspaceId, instance }: ConfigRecord): string {
    return `${workspaceId}/${instance === '' ? '=' : instance}`;
  }

  override async remove(workspaceId: string): Promise<void> {
    for (const { key } of await this.bucket.list(`${workspaceId}/`)) await this.bucket.delete(key);
  }
}

/** What was written over configurations, in the bucket `configs`. */
export function configRecordsIn(bucket: Bucket): ConfigRecords {
  return new NewestConfigs(bucket);
}

/** What runs in the workspaces, in the bucket `active`. */
export function activeVersionsIn(bucket: Bucket): ActiveVersions {
  return new NewestRecords(bucket);
}

/** Which origins the workspaces let in, in the bucket `origins`. */
export function openOriginsIn(bucket: Bucket): OpenOrigins {
  return new NewestRecords(bucket);
}

/** How far the workspaces reach, in the bucket `egress`. */
export function egressRecordsIn(bucket: Bucket): EgressRecords {
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
