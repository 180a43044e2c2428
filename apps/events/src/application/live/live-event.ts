import type { LoggedEvent, NewEvent } from '@millrace/messaging';
import { readPayload } from '../../domain/admission/payload';
import { pick, projectionKey, type Projection } from '../../domain/live/projection';
import type { Placed } from '../../domain/live/recent-events';
import type { EnvelopeJson } from '../ports/envelope-json';

/** What an event weighs in memory beyond its payload, about. */
const OWN_WEIGHT = 1_024;

const decoder = new TextDecoder();

/** An event on its way to its readers. What they need of it – JSON, a parsed payload – is made when the first one asks, and once. */
export class LiveEvent implements Placed {
  /** Place in the log; 0 for one that is on no log. */
  readonly offset: bigint;
  readonly weight: number;
  private envelope: string | undefined;
  private readonly texts = new Map<string, string>();
  private filterView: object | undefined;

  constructor(
    readonly event: NewEvent | LoggedEvent,
    private readonly envelopes: EnvelopeJson,
  ) {
    this.offset = 'position' in event ? event.position.offset : 0n;
    this.weight = OWN_WEIGHT + 2 * event.payload.length;
  }

  /** Whether the log has it, so that it can be read again. */
  get durable(): boolean {
    return this.offset > 0n;
  }

  /** What filters look at. */
  get view(): object {
    this.filterView ??= viewOf(this.event);
    return this.filterView;
  }

  /** The event as its readers get it. */
  json(projection: Projection): string {
    const key = projectionKey(projection);
    const known = this.texts.get(key);
    if (known !== undefined) return known;
    this.envelope ??= this.envelopes.write(this.event);
    const text = projection === 'none' ? this.envelope : `${this.envelope.slice(0, -1)},"payload":${this.payload(projection)}}`;
    this.texts.set(key, text);
    return text;
  }

  private payload(projection: 'full' | readonly string[]): string {
    if (projection === 'full') return decoder.decode(this.event.payload) || '{}';
    return JSON.stringify(pick(readPayload(this.event.payload) ?? {}, projection));
  }
}

/** The envelope as filters know it; the payload is parsed by the first filter that asks for it. */
function viewOf({ type, time, subject, actor, source, target, correlationId, payload: bytes }: NewEvent): object {
  let payload: object | undefined;
  return {
    ...{ type, time, subject, actor, source, target, correlationId },
    get payload() {
      payload ??= readPayload(bytes) ?? {};
      return payload;
    },
  };
}
