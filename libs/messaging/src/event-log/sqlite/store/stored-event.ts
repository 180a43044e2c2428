import { decodeEvent } from '../../codec';
import type { LoggedEvent } from '../../event';

/** Where in which log an event is, and since when. */
export interface Place {
  readonly epoch: string;
  readonly offset: number;
  readonly recordedAt: number;
}

/** A row of the log. Its event is read from the bytes when somebody wants it, once. Offsets are numbers inside the adapter. */
export class StoredEvent {
  #event: LoggedEvent | undefined;

  constructor(
    private readonly place: Place,
    readonly workspace: string,
    readonly type: string,
    readonly key: string | undefined,
    readonly body: Uint8Array,
  ) {}

  get offset(): number {
    return this.place.offset;
  }

  get recordedAt(): number {
    return this.place.recordedAt;
  }

  /** Throws on bytes that are no event. */
  get event(): LoggedEvent {
    this.#event ??= loggedEvent(this.place, this.body);
    return this.#event;
  }
}

/** The event of a body, at its place. Throws on bytes that are no event. */
export function loggedEvent({ epoch, offset, recordedAt }: Place, body: Uint8Array): LoggedEvent {
  return Object.assign(decodeEvent(body), { position: { epoch, offset: BigInt(offset) }, recordedAt });
}
