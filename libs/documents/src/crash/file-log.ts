import { appendFileSync } from 'node:fs';
import type { Appended, NewEvent } from '@millrace/messaging';
import { MemoryLog } from '../relay/memory-log';

/** A log that outlives the process: a file with the id of each event that was appended, one a line. */
export class FileLog extends MemoryLog {
  constructor(private readonly path: string) {
    super();
  }

  override append(events: readonly NewEvent[]): Promise<readonly Appended[]> {
    appendFileSync(this.path, events.map(({ id }) => `${id}\n`).join(''));
    return super.append(events);
  }
}
