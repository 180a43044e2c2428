import type { Granted } from '@millrace/auth';
import { DomainError, type Clock, type FieldProblem, type Ids } from '@millrace/kernel';
import type { Appended, CallContext, EventLog, NewEvent } from '@millrace/messaging';
import { checkBatch, idReused, refusedBatch, type Place } from '../domain/admission/check-batch';
import type { EventDraft } from '../domain/admission/draft';
import { sameFact } from '../domain/admission/same-fact';
import type { BackPressure } from './back-pressure';
import { compose, idOf, type Surroundings } from './compose';
import type { DeclaredEvents } from './declared/declared-events';
import { declaredAs, demandClients, holdBatch } from './declared/held-batch';
import { Violations } from './declared/violations';
import type { Measures } from './measures';
import type { LiveChannel } from './ports/live-channel';
import { demandSendable } from './reading/sendable';

export type { EventDraft } from '../domain/admission/draft';
export { shapeProblem } from '../domain/admission/payload';

/** A workspace by its id, and what may be sent there. */
export type Admitted = Pick<Granted, 'id' | 'permission'>;

/** A batch at the door. */
export interface Emission {
  readonly drafts: readonly EventDraft[];
  /** Where a draft stands in what the caller sent. */
  readonly place: Place;
  readonly idempotencyKey?: string;
  /** The socket it came through. */
  readonly socket?: string;
  /** The workspace, and what the caller may send there; asked after the batch itself was found good. */
  admit(): Promise<Admitted>;
}

/** An event that was taken; without an offset it was for those connected at the moment. */
export interface Accepted {
  readonly id: string;
  readonly offset?: bigint;
  readonly time: number;
}

export interface EmitParts {
  readonly eventLog: EventLog;
  readonly live: LiveChannel;
  readonly pressure: BackPressure;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly measures: Measures;
  readonly declared: DeclaredEvents;
}

/** The door: whatever is not said by a service or a run enters the log here. */
export class EmitEvents {
  private readonly violations: Violations;

  constructor(private readonly parts: EmitParts) {
    this.violations = new Violations(parts);
  }

  /**
   * Takes a batch: all of it, in order, or nothing. Resolves when the log has it. A repeat of the same events answers what the first
   * time answered; another fact under a taken id is refused with `events.id_reused`, after the rest of its batch was taken.
   */
  async run(context: CallContext, emission: Emission): Promise<readonly Accepted[]> {
    try {
      return await this.take(context, emission);
    } catch (error) {
      if (error instanceof DomainError) this.parts.measures.refused.inc({ code: error.code });
      throw error;
    }
  }

  private async take(context: CallContext, emission: Emission): Promise<readonly Accepted[]> {
    checkBatch(emission.drafts, context.principal, emission.place);
    const { id: workspaceId, permission } = await emission.admit();
    await this.parts.pressure.check();
    const held = holdBatch(emission.drafts, await this.parts.declared.of(workspaceId), emission.place);
    const drafts = held.map(({ draft }) => draft);
    const composed = this.composeAll(context, workspaceId, { ...emission, drafts });
    const events = held.map((one, index) => declaredAs(one, composed[index] as NewEvent));
    demandSendable(permission, events, emission);
    if (context.principal.kind !== 'service') demandClients(held, events, emission.place);
    const kept = events.filter(({ keep }) => keep !== 'live');
    const notices = this.violations.of(context, workspaceId, held);
    const appended = kept.length + notices.length === 0 ? [] : await this.append([...kept, ...notices]);
    this.violations.told(notices);
    const accepted = await this.acceptAll(kept, appended, (event) => emission.place(events.indexOf(event)));
    for (const event of events) if (event.keep === 'live') await this.parts.live.publish(event);
    return events.map((event) => accepted.get(event) ?? { id: event.id, time: event.time });
  }

  private composeAll(context: CallContext, workspaceId: string, emission: Emission): readonly NewEvent[] {
    const { clock, ids } = this.parts;
    const { drafts, idempotencyKey, socket } = emission;
    const surroundings: Surroundings = {
      ...{ context, workspaceId, now: clock.now() },
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
      ...(socket === undefined ? {} : { socket }),
    };
    return drafts.map((draft, index) => compose(draft, idOf(draft, index, surroundings, ids), surroundings));
  }

  private async append(events: readonly NewEvent[]): Promise<readonly Appended[]> {
    const { eventLog, pressure } = this.parts;
    return pressure.measure(() => eventLog.append(events));
  }

  private async acceptAll(
    events: readonly NewEvent[],
    appended: readonly Appended[],
    place: (event: NewEvent) => string,
  ): Promise<ReadonlyMap<NewEvent, Accepted>> {
    const accepted = new Map<NewEvent, Accepted>();
    const reused: FieldProblem[] = [];
    const known = await Promise.all(events.map((event, index) => this.earlier(event, appended[index])));
    for (const [index, event] of events.entries()) {
      const [answer, earlier = event] = [appended[index], known[index]];
      if (answer === undefined || !sameFact(earlier, event)) reused.push(idReused(event.id, `${place(event)}/id`));
      else accepted.set(event, { id: event.id, time: earlier.time, offset: answer.position.offset });
    }
    const [first, ...others] = reused;
    if (first !== undefined) throw refusedBatch(first, others, 'conflict');
    return accepted;
  }

  /** What the log has under the id of `event`; when that is new, or the log has let go of it, the event is taken to be a repeat. */
  private async earlier(event: NewEvent, answer: Appended | undefined): Promise<NewEvent> {
    if (answer?.duplicate !== true) return event;
    const { position } = answer;
    try {
      const [known] = await firstOf(this.parts.eventLog.read(position, `${event.workspaceId}.>`, { live: false }));
      return known?.id === event.id ? known : event;
    } catch (error) {
      if (error instanceof DomainError && error.code === 'log.expired') return event;
      throw error;
    }
  }
}

async function firstOf<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  for await (const item of items) return [item];
  return [];
}
