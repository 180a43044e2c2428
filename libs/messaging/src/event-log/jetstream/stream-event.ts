import { decodeRecorded } from '../codec';
import type { LoggedEvent } from '../event';

/** Offsets between two messages of the stream, so that several events can share one message one day. */
export const OFFSETS_PER_MESSAGE = 1_024;

/** The offset of the event of a message. */
export function offsetOf(sequence: number): bigint {
  return BigInt(sequence) * BigInt(OFFSETS_PER_MESSAGE);
}

/** The sequence of the first message at or after an offset. */
export function sequenceFrom(offset: bigint): number {
  const step = BigInt(OFFSETS_PER_MESSAGE);
  return Number((offset + step - 1n) / step);
}

/** A message of the stream of events. Its event is read from the bytes when somebody wants it, once. */
export class StreamEvent {
  #event: LoggedEvent | undefined;

  constructor(
    private readonly epoch: string,
    readonly sequence: number,
    readonly workspace: string,
    readonly type: string,
    readonly body: Uint8Array,
  ) {}

  /** Throws on bytes that are no event. */
  get event(): LoggedEvent {
    this.#event ??= Object.assign(decodeRecorded(this.body), { position: { epoch: this.epoch, offset: offsetOf(this.sequence) } });
    return this.#event;
  }
}
