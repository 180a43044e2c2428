import { decodeEvent } from '../../codec';
import type { LoggedEvent } from '../../event';

/** A row of the log. Its event is read from the bytes when somebody wants it, once. Offsets are numbers inside the adapter. */
export class StoredEvent {
  #event: LoggedEvent | undefined;

  constructor(
    private readonly epoch: string,
    readonly offset: number,
    readonly workspace: string,
    readonly type: string,
    readonly key: string | undefined,
    readonly recordedAt: number,
    readonly body: Uint8Array,
  ) {}

  get event(): LoggedEvent {
    this.#event ??= loggedEvent(this.epoch, this.offset, this.recordedAt, this.body);
    return this.#event;
  }
}

/** The event of a body, at its place. */
export function loggedEvent(epoch: string, offset: number, recordedAt: number, body: Uint8Array): LoggedEvent {
  return Object.assign(decodeEvent(body), { position: { epoch, offset: BigInt(offset) }, recordedAt });
}
