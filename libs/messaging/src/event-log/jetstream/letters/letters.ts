import { decodeRecorded } from '../../codec';
import type { LoggedEvent } from '../../event';
import type { LogNames } from '../server/log-names';
import type { Records } from '../server/records';
import type { Kept } from '../read/direct-get';
import { offsetOf } from '../stream-event';

/** Ends the JSON before the event: JSON has no such byte. */
const END = 10;

/** Why and how often an event failed. Times are milliseconds since 1970. */
export interface Ordeal {
  readonly reason: string;
  readonly attempts: number;
  readonly firstFailedAt: number;
  readonly lastFailedAt: number;
}

/** A dead letter: an event as bytes, with its place in the log it came from. */
export interface Letter extends Ordeal {
  readonly epoch: string;
  readonly sequence: number;
  readonly body: Uint8Array;
  /** It was handed out once more, and nobody reported how that ended. */
  readonly isBegun?: boolean;
}

/** A letter where it is kept. */
export interface StoredLetter extends Letter {
  readonly durable: string;
  /** Of its message in the stream of letters. */
  readonly stored: number;
}

/** The dead letters of a log. One for each event and durable; what is put takes the place of what was there. */
export class Letters {
  constructor(
    readonly records: Records,
    private readonly names: LogNames,
  ) {}

  async put(durable: string, letter: Letter): Promise<void> {
    const { body, reason, attempts, firstFailedAt, lastFailedAt, epoch, sequence, isBegun = false } = letter;
    const head = { epoch, sequence, reason, attempts, firstFailedAt, lastFailedAt, isBegun };
    const bytes = Buffer.concat([Buffer.from(JSON.stringify(head)), Buffer.of(END), body]);
    await this.records.put(this.names.deadSubject(durable, sequence), bytes);
  }

  async get(durable: string, sequence: number): Promise<StoredLetter | undefined> {
    const kept = await this.records.get(this.names.deadSubject(durable, sequence));
    return kept && letterOf(kept);
  }

  /** The one that failed last the longest time ago first. */
  async list(durable: string, after: StoredLetter | undefined, limit: number): Promise<readonly StoredLetter[]> {
    const kept = await this.records.list(this.names.deadSubject(durable, '*'), after?.stored, limit);
    return kept.map(letterOf);
  }

  /** The letters of one event, of all durables. */
  async ofEvent(sequence: number): Promise<readonly StoredLetter[]> {
    const kept = await this.records.list(this.names.deadSubject('*', sequence));
    return kept.map(letterOf);
  }

  /** False: no such letter. */
  delete(durable: string, sequence: number): Promise<boolean> {
    return this.records.delete(this.names.deadSubject(durable, sequence));
  }

  /** It was handed out once more: `redrive`, the sequence of what asked for that, is done with. */
  async redriven(redrive: number): Promise<void> {
    await this.records.deleteOne(redrive);
  }

  /** The letter is to be handed out once more; it may be on its way already. */
  async redrive(durable: string, sequence: number): Promise<void> {
    await this.records.put(this.names.redriveSubject(durable, sequence), Buffer.from(String(sequence)), 0);
  }
}

/** The event of a letter. Throws on bytes that are no event. */
export function eventOf({ body, epoch, sequence }: Letter): LoggedEvent {
  return Object.assign(decodeRecorded(body), { position: { epoch, offset: offsetOf(sequence) } });
}

function letterOf({ sequence: stored, subject, body }: Kept): StoredLetter {
  const end = body.indexOf(END);
  const head = JSON.parse(new TextDecoder().decode(body.subarray(0, end))) as Omit<Letter, 'body'>;
  return { ...head, stored, durable: subject.split('.').at(-2) ?? '', body: body.subarray(end + 1) };
}
