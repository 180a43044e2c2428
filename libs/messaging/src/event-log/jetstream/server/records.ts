import { Refused } from '../append/publisher';
import type { Publisher } from '../append/publisher';
import { getSome } from '../read/direct-get';
import type { Kept } from '../read/direct-get';
import { logUnavailable } from '../../refusals';
import { errorCode } from './line';
import type { Line } from './line';

const PAGE = 256;

/** One message a subject, in one stream: what is put takes the place of what was there. */
export class Records {
  constructor(
    private readonly line: Line,
    private readonly publisher: Publisher,
    private readonly stream: string,
  ) {}

  async get(subject: string): Promise<Kept | undefined> {
    const { messages } = await getSome(this.line, this.stream, { from: 1, most: 1, filter: subject });
    return messages[0];
  }

  /** Those of a filter, the one put longest ago first, after a sequence of the stream. */
  async list(filter: string, after = 0, limit = Infinity): Promise<readonly Kept[]> {
    const records: Kept[] = [];
    for (let from = after + 1; records.length < limit;) {
      const { messages, isAll } = await getSome(this.line, this.stream, { from, most: Math.min(PAGE, limit - records.length), filter });
      records.push(...messages);
      if (isAll || messages.length === 0) break;
      from = (messages.at(-1)?.sequence ?? from) + 1;
    }
    return records;
  }

  /** Durable when it resolves. `over`: only if that sequence is the newest of the subject (0: only if there is none); false when it is not. */
  async put(subject: string, body: Uint8Array, over?: number): Promise<boolean> {
    try {
      await this.publisher.publish({ subject, body }, over === undefined ? {} : { 'Nats-Expected-Last-Subject-Sequence': String(over) });
      return true;
    } catch (fault) {
      if (!(fault instanceof Refused)) throw fault;
      if (over !== undefined && WRONG_LAST.has(fault.code)) return false;
      throw logUnavailable(`${fault.message} (${fault.code})`);
    }
  }

  /** Whether there was one. Its bytes are overwritten on the disk. */
  async delete(subject: string): Promise<boolean> {
    const record = await this.get(subject);
    return record !== undefined && this.deleteOne(record.sequence);
  }

  /** As `delete`, by the sequence of the stream. */
  async deleteOne(sequence: number): Promise<boolean> {
    return deleteMessage(this.line, this.stream, sequence);
  }
}

const WRONG_LAST = new Set([10_071, 10_164]);
const NO_SUCH_MESSAGE = new Set([10_037, 10_043, 10_057]);

/** Deletes a message and overwrites its bytes; false when it is gone already. */
export async function deleteMessage(line: Line, stream: string, sequence: number): Promise<boolean> {
  return line.ask(async (jsm) => {
    try {
      return await jsm.streams.deleteMessage(stream, sequence, true);
    } catch (fault) {
      if (NO_SUCH_MESSAGE.has(errorCode(fault) ?? 0)) return false;
      throw fault;
    }
  });
}
