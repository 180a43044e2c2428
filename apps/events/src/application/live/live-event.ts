import type { LoggedEvent, NewEvent } from '@millrace/messaging';
import type { FieldRules } from '@millrace/auth';
import type { JsonMap } from '@millrace/kernel';
import { payloadOf } from '../../domain/admission/payload';
import { pick, projectionKey, type Projection } from '../../domain/live/projection';
import type { Placed } from '../../domain/live/recent-events';
import type { EnvelopeJson } from '../ports/envelope-json';
import type { EventText } from '../ports/outlet';
import { viewOf } from '../reading/event-view';

/** What an event weighs in memory beyond its payload, about. */
const OWN_WEIGHT = 1_024;

const decoder = new TextDecoder();

/** An event on its way to its readers. What they need of it – JSON, a parsed payload – is made when the first one asks, and once. */
export class LiveEvent implements Placed {
  /** Place in the log; 0 for one that is on no log. */
  readonly offset: bigint;
  readonly weight: number;
  private envelope: string | undefined;
  private readonly texts = new Map<string, EventText>();
  /** What was asked for last: the next receiver mostly asks for the same. */
  private last: { readonly projection: Projection; readonly shown: string; readonly text: EventText } | undefined;
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

  /** The event as readers get it who see these fields of it. */
  text(projection: Projection, fields?: FieldRules): EventText {
    const shown = fields?.key ?? '';
    if (this.last?.projection === projection && this.last.shown === shown) return this.last.text;
    const key = `${shown} ${projectionKey(projection)}`;
    const text = this.texts.get(key) ?? this.write(projection, fields);
    this.texts.set(key, text);
    this.last = { projection, shown, text };
    return text;
  }

  private write(projection: Projection, fields: FieldRules | undefined): EventText {
    this.envelope ??= this.envelopes.write(this.event);
    const isOpen = fields === undefined || fields.open;
    return { json: isOpen ? this.whole(this.envelope, projection) : this.part(this.envelope, projection, fields) };
  }

  private whole(envelope: string, projection: Projection): string {
    return projection === 'none' ? envelope : `${envelope.slice(0, -1)},"payload":${this.payload(projection)}}`;
  }

  private part(envelope: string, projection: Projection, fields: FieldRules): string {
    const payload = payloadOf(this.event.payload);
    const { payload: shown = {}, ...rest } = fields.show({ ...(JSON.parse(envelope) as JsonMap), payload });
    if (projection === 'none') return JSON.stringify(rest);
    return JSON.stringify({ ...rest, payload: projection === 'full' ? shown : pick(shown, projection) });
  }

  private payload(projection: 'full' | readonly string[]): string {
    if (projection === 'full') return decoder.decode(this.event.payload) || '{}';
    return JSON.stringify(pick(payloadOf(this.event.payload), projection));
  }
}
