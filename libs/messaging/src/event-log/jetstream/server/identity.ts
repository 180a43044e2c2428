import { formatPosition, parsePosition } from '../../event';
import type { Position } from '../../event';
import { offsetOf } from '../stream-event';
import type { Records } from './records';

/** How far the mark may be behind the log, in milliseconds. */
const LAG = 1_000;
/** The epoch of a mark that a person leaves who has put a copy in the place of the log; its offset is a number of their own, such as the time. */
const RESTORED = 'restored';

/**
 * Which log this is: one unbroken stream. The epoch is when the stream was made and how often it was found shorter than it had been (its end
 * lost with the power); how far it had come is noted outside of it. A copy of both does not show that it is one: whoever restores it notes that.
 */
export class Identity {
  #epoch = '';
  #noted = 0;
  #last = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly records: Records,
    private readonly subject: string,
  ) {}

  get epoch(): string {
    return this.#epoch;
  }

  /** Looks at the stream (`created` as the server tells it, `last` its last sequence); true when the epoch is another one than before. */
  async take(created: string, last: number): Promise<boolean> {
    const before = this.#epoch;
    const base = Date.parse(created).toString(36);
    for (;;) {
      const record = await this.records.get(this.subject);
      const mark = record && parsePosition(new TextDecoder().decode(record.body));
      const epoch = epochOf(base, mark, last);
      if (mark?.epoch === epoch || (await this.#write({ epoch, offset: offsetOf(last) }, record?.sequence ?? 0))) {
        this.#epoch = epoch;
        this.#noted = mark?.epoch === epoch ? Number(mark.offset / offsetOf(1)) : last;
        this.#last = last;
        return before !== '' && before !== epoch;
      }
    }
  }

  /** The log has come so far. */
  note(last: number): void {
    this.#last = Math.max(this.#last, last);
    this.#timer ??= setTimeout(() => void this.write().catch(() => undefined), LAG).unref();
  }

  /** Writes the mark down; somebody else may have noted more already. */
  async write(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    while (this.#last > this.#noted) {
      const last = this.#last;
      const record = await this.records.get(this.subject);
      const mark = record && parsePosition(new TextDecoder().decode(record.body));
      if (mark?.epoch !== this.#epoch) return;
      if (mark.offset >= offsetOf(last) || (await this.#write({ epoch: this.#epoch, offset: offsetOf(last) }, record?.sequence ?? 0))) {
        this.#noted = last;
      }
    }
  }

  #write(mark: Position, over: number): Promise<boolean> {
    return this.records.put(this.subject, new TextEncoder().encode(formatPosition(mark)), over);
  }
}

function epochOf(base: string, mark: Position | undefined, last: number): string {
  if (mark?.epoch === RESTORED) return `${base}_${mark.offset}`;
  if (mark === undefined || !mark.epoch.startsWith(`${base}_`)) return `${base}_0`;
  if (mark.offset <= offsetOf(last)) return mark.epoch;
  return `${base}_${Number(mark.epoch.slice(base.length + 1)) + 1}`;
}
