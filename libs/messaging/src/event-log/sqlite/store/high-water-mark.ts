import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { formatPosition, parsePosition } from '../../event';
import type { Position } from '../../event';
import type { FaultReport } from '../../../faults';

/** How far behind the log the mark may be, in milliseconds. */
const LAG = 1_000;

/** No log has this epoch. */
const OF_A_COPY = { epoch: 'copy', offset: 0n };

/** The file beside that of a log. */
export function markOf(file: string): string {
  return `${file}-mark`;
}

/** Writes a mark that is not of the log beside it. */
export function markAsCopy(mark: string): void {
  writeFileSync(mark, `${formatPosition(OF_A_COPY)}\n`);
}

/**
 * How far the log had come, kept beside its file: a log that is found shorter lost events (a power cut under `fast`, an older copy put
 * in its place), and must not be taken for the same log. Never ahead of what was durable; some way behind is fine.
 */
export class HighWaterMark {
  #position: Position | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly file: string | undefined,
    private readonly onFault: FaultReport,
  ) {}

  read(): Position | undefined {
    if (this.file === undefined) return undefined;
    try {
      return parsePosition(readFileSync(this.file, 'utf8').trim());
    } catch {
      return undefined;
    }
  }

  /** The log has come so far. */
  note(epoch: string, offset: number): void {
    this.#position = { epoch, offset: BigInt(offset) };
    if (this.file !== undefined) this.#timer ??= setTimeout(() => this.write(), LAG).unref();
  }

  write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.file === undefined || this.#position === undefined) return;
    try {
      writeFileSync(`${this.file}.new`, `${formatPosition(this.#position)}\n`);
      renameSync(`${this.file}.new`, this.file);
    } catch (fault) {
      this.onFault('the high-water mark of the event log could not be written', fault);
    }
  }
}
