import { DomainError } from '@millrace/kernel';
import type { Bucket, Entry, EventLog } from '@millrace/messaging';
import { firstRecord, type ScheduleRecord } from '../../domain/schedules/record';
import type { Schedule } from '../../domain/schedules/schedule';

/** What is kept of schedules, one record each under `<workspace>/<schedule>`. Every instance writes them. */
export class ScheduleRecords {
  constructor(
    private readonly bucket: Bucket,
    private readonly eventLog: EventLog,
  ) {}

  /** The record, if there is one. */
  async find(schedule: Schedule): Promise<ScheduleRecord | undefined> {
    return recordOf(await this.bucket.get(keyOf(schedule)));
  }

  /** The record; one never seen before is written first, with `since` as all its past. */
  take(schedule: Schedule, since: number): Promise<ScheduleRecord> {
    return this.change(schedule, since, (record) => record);
  }

  /** Puts what `change` makes of the record, or of a first one; of what somebody else made of it meanwhile, if they were faster. */
  async change(schedule: Schedule, since: number, change: (record: ScheduleRecord) => ScheduleRecord): Promise<ScheduleRecord> {
    const key = keyOf(schedule);
    for (;;) {
      const entry = await this.bucket.get(key);
      const known = recordOf(entry);
      const record = change(known ?? firstRecord(since, await this.endOfLog()));
      if (record === known || (await this.put(key, record, entry?.revision ?? 0))) return record;
    }
  }

  /** Deletes the records of a workspace's schedules that are no more; a pause outlives them. */
  async forget(workspaceId: string, kept: ReadonlySet<string>): Promise<void> {
    const prefix = `${workspaceId}/`;
    for (const entry of await this.bucket.list(prefix)) {
      if (kept.has(entry.key.slice(prefix.length)) || recordOf(entry)?.pausedAt !== undefined) continue;
      await unlessConflict(this.bucket.delete(entry.key, entry.revision));
    }
  }

  private put(key: string, record: ScheduleRecord, revision: number): Promise<boolean> {
    return unlessConflict(this.bucket.putIf(key, new TextEncoder().encode(JSON.stringify(record)), revision));
  }

  private async endOfLog(): Promise<ScheduleRecord['position']> {
    const { epoch, last } = await this.eventLog.range();
    return { epoch, offset: String(last + 1n) };
  }
}

function keyOf({ workspaceId, id }: Schedule): string {
  return `${workspaceId}/${id}`;
}

function recordOf(entry: Entry | undefined): ScheduleRecord | undefined {
  return entry === undefined ? undefined : (JSON.parse(new TextDecoder().decode(entry.value)) as ScheduleRecord);
}

/** Whether it was done; false when somebody else wrote first. */
async function unlessConflict(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof DomainError && error.code === 'kv.revision_conflict') return false;
    throw error;
  }
}
