import { DomainError, servicePrincipal, type FieldProblem } from '@millrace/kernel';
import type { CallContext, NewEvent } from '@millrace/messaging';
import { refusedBatch, type Place } from '../../domain/admission/check-batch';
import type { EventDraft } from '../../domain/admission/draft';
import type { Declarations } from '../../domain/declared/declaration';
import { hold, type Held } from '../../domain/declared/hold';
import { viewOf } from '../reading/event-view';

const MOST_TOLD = 20;

/** A batch as the workspace's declarations have it; refuses it whole when something in it may not enter, and names each such place. */
export function holdBatch(drafts: readonly EventDraft[], declarations: Declarations, place: Place): readonly Held[] {
  const held = drafts.map((draft, index) => hold(draft, declarations, place(index)));
  const [first, ...others] = held.flatMap(({ refused }) => refused);
  if (first !== undefined) throw refusedBatch(first, others);
  return held;
}

/** The event with what its declaration says of it. */
export function declaredAs({ declaration, redacted }: Held, event: NewEvent): NewEvent {
  return {
    ...event,
    ...(declaration === undefined || declaration.version === 0 ? {} : { version: declaration.version }),
    ...(redacted.length === 0 ? {} : { redacted }),
  };
}

/** Refuses events that clients may not send: their declarations keep them to automations and services. */
export function demandClients(held: readonly Held[], events: readonly NewEvent[], place: Place): void {
  const errors = held.flatMap(({ declaration }, index): readonly FieldProblem[] => {
    const event = events[index];
    if (declaration === undefined || event === undefined || declaration.admits(viewOf(event))) return [];
    const detail = `The workspace does not let clients send this event of the type "${declaration.type}".`;
    return [{ pointer: `${place(index)}/type`, code: 'events.clients_refused', detail }];
  });
  const [first] = errors;
  if (first !== undefined) throw new DomainError(first.code, 'forbidden', first.detail, { errors });
}

/** What was let in though it does not fit, by the name that it is told of once a minute under. */
export interface Warning {
  readonly type: string;
  readonly version: number;
  readonly problems: Held['warned'];
}

/** One warning a type. */
export function warningsOf(held: readonly Held[]): readonly Warning[] {
  const wrong = held.filter(({ warned }) => warned.length > 0);
  const byType = new Map(
    wrong.map(({ draft: { type }, declaration, warned }) => [type, { type, version: declaration?.version ?? 0, problems: warned }]),
  );
  return [...byType.values()];
}

/** The event that tells of a warning. */
export function violatedEvent(
  context: CallContext,
  workspaceId: string,
  { type, version, problems }: Warning,
  { id, time }: Pick<NewEvent, 'id' | 'time'>,
): NewEvent {
  const { kind, id: actor } = servicePrincipal('events');
  const payload = { type, version, problems: problems.slice(0, MOST_TOLD) };
  return {
    ...{ id, workspaceId, type: VIOLATED, time, subject: `event-type/${type}` },
    payload: new TextEncoder().encode(JSON.stringify(payload)),
    correlationId: context.correlationId,
    causationId: context.causationId ?? context.correlationId,
    actor: { kind, id: actor },
    source: { service: 'events' },
  };
}

/** Type of the event that tells of events that do not fit what is declared of them. */
export const VIOLATED = 'events.types.violated';
