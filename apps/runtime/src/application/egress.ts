import type { Bucket } from '@millrace/messaging';

/** As it stands in the bucket. */
interface EgressRecord {
  readonly hosts: readonly string[];
}

/** How far workspaces reach, as the service of workspaces tells it in the bucket `egress`. */
export class Egress {
  constructor(private readonly bucket: Pick<Bucket, 'get'>) {}

  /** Names of the only hosts that automations of the workspace may reach, as it stands now; undefined: any. */
  async of(workspaceId: string): Promise<readonly string[] | undefined> {
    const entry = await this.bucket.get(workspaceId);
    if (entry === undefined) return undefined;
    const { hosts } = JSON.parse(Buffer.from(entry.value).toString('utf8')) as EgressRecord;
    return hosts.length === 0 ? undefined : hosts;
  }
}
