import type { Permission, Rule } from '@millrace/auth';
import { DomainError } from '@millrace/kernel';
import type { Filter } from '@millrace/language';
import type { LoggedEvent } from '@millrace/messaging';
import { readPayload } from '../../domain/admission/payload';
import { viewOf } from './event-view';

/** What whoever has anything to do with a workspace may read, if no rule denies it: what they sent, and what is meant for them. */
export const OWN_EVENTS: readonly Rule[] = [
  ...["actor.kind = 'user' and actor.id = ${user.id}", "actor.kind = 'key' and actor.id = ${key.id}"],
  ...['target.user = ${user.id}', 'target.session = ${session.id}'],
].map((where) => ({ allow: ['read'], on: ['events'], where }));

/** From where an event came is for those alone who may read the audit: `source.ip`. */
export const HIDDEN_FROM_MOST: Rule = { deny: ['read'], on: ['events'], fields: ['source.ip'] };

const encoder = new TextEncoder();

/** Which events of a workspace a caller may read, and how much of them. */
export class Readable {
  constructor(private readonly permission: Permission) {}

  /** Whether they may read this one. */
  has(event: LoggedEvent): boolean {
    return this.permission.query === true || this.permission.allows(viewOf(event));
  }

  /** A filter that finds nothing else among what was asked for. */
  among(wanted: Filter | undefined): Filter | undefined {
    const { query } = this.permission;
    if (typeof query === 'boolean') return query ? wanted : NOTHING;
    return wanted === undefined ? query : { op: 'and', filters: [query, wanted] };
  }

  /** Refuses (`events.field_hidden`) a filter or a search for words by which hidden fields could be guessed. */
  demandOpen(where: Filter | undefined, text: string): void {
    const { fields } = this.permission;
    const hidden = where === undefined ? undefined : fieldsOf(where).find((field) => !fields.mayAsk(field));
    if (hidden !== undefined) throw fieldHidden('/where', hidden);
    if (text !== '' && !fields.mayAsk('payload')) throw fieldHidden('/text', 'payload');
  }

  /** The event without what they may not see of it. */
  show(event: LoggedEvent): LoggedEvent {
    const { fields } = this.permission;
    if (fields.open) return event;
    const { position, recordedAt, payload: bytes, ...envelope } = event;
    const shown = fields.show({ ...envelope, payload: readPayload(bytes) ?? {} });
    return {
      ...{ id: event.id, workspaceId: event.workspaceId, type: event.type, time: event.time, correlationId: '', source: {} },
      ...shown,
      actor: { kind: event.actor.kind, id: '', ...shown.actor },
      payload: encoder.encode(JSON.stringify(shown.payload ?? {})),
      ...{ position, recordedAt },
    };
  }
}

/** A filter that fits no event: all have a type. */
const NOTHING: Filter = { op: 'not', filter: { op: 'exists', field: 'type' } };

/** The fields that a filter asks for. */
export function fieldsOf(filter: Filter): readonly string[] {
  switch (filter.op) {
    case 'and':
    case 'or':
      return filter.filters.flatMap(fieldsOf);
    case 'not':
      return fieldsOf(filter.filter);
    default:
      return [filter.field];
  }
}

/** The caller may not see the field of every event, so they may not ask by it either. */
export function fieldHidden(pointer: string, field: string): DomainError {
  const detail = `You may not see ${field} of every event here, so you may not search by it. Leave it out.`;
  return new DomainError('events.field_hidden', 'forbidden', detail, {
    facts: { field },
    errors: [{ pointer, code: 'events.field_hidden', detail }],
  });
}
