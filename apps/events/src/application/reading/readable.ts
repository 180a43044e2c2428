import type { Permission, Rule } from '@millrace/auth';
import { fieldsOf } from '@millrace/history';
import { DomainError } from '@millrace/kernel';
import type { Filter } from '@millrace/language';
import type { LoggedEvent } from '@millrace/messaging';
import { payloadOf } from '../../domain/admission/payload';
import { viewOf } from './event-view';

/** What whoever has anything to do with a workspace may read, if no rule denies it: what they sent, and what is meant for them. */
export const OWN_EVENTS: readonly Rule[] = [
  ...["actor.kind = 'user' and actor.id = ${user.id}", "actor.kind = 'key' and actor.id = ${key.id}"],
  ...['target.user = ${user.id}', 'target.session = ${session.id}', 'target.topic = ${user.topics}'],
].map((where) => ({ allow: ['read'], on: ['events'], where }));

/** From where an event came is for those alone who may read the audit: `source.ip`. */
export const HIDDEN_FROM_MOST: Rule = { deny: ['read'], on: ['events'], fields: ['source.ip'] };

/** Who runs the platform sees what happened in every workspace, by whom and why, but neither what it says nor from where it came. */
export const SEEN_BY_OPERATORS: Rule = {
  allow: ['read'],
  on: ['events'],
  fields: [
    ...['subject', 'revision', 'key', 'correlationId', 'causationId', 'hops', 'actor', 'target'],
    ...['service', 'automation', 'app', 'run', 'step', 'endpoint'].map((name) => `source.${name}`),
  ],
};

const encoder = new TextEncoder();

/** Which events of a workspace a caller may read, and how much of them. */
export class Readable {
  /** `besides`: what they may do with events besides reading them, when it is that what they ask for: of these alone. */
  constructor(
    private readonly permission: Permission,
    private readonly besides: Permission = permission,
  ) {}

  /** Whether they may read this one. */
  has(event: LoggedEvent): boolean {
    const asked = [this.permission, this.besides].filter(({ query }) => query !== true);
    if (asked.length === 0) return true;
    const view = viewOf(event);
    return asked.every((permission) => permission.allows(view));
  }

  /** A filter that finds nothing else among what was asked for. */
  among(wanted: Filter | undefined): Filter | undefined {
    const queries = new Set([this.permission.query, this.besides.query]);
    if (queries.has(false)) return NOTHING;
    const filters = [...queries, wanted].filter((filter): filter is Filter => typeof filter === 'object');
    return filters.length > 1 ? { op: 'and', filters } : filters[0];
  }

  /** Refuses (`events.field_hidden`) a filter or a search for words by which hidden fields could be guessed. */
  demandOpen(where: Filter | undefined, text: string): void {
    for (const field of where === undefined ? [] : fieldsOf(where)) this.demandField(field, '/where');
    if (text !== '') this.demandField('payload', '/text');
  }

  /** Refuses (`events.field_hidden`) a field that is hidden somewhere; the pointer says where it was asked for. */
  demandField(field: string, pointer: string): void {
    if (!this.permission.fields.mayAsk(field) || !this.besides.fields.mayAsk(field)) throw fieldHidden(pointer, field);
  }

  /** Whether they may see all these fields of every event; an empty one stands for any. */
  mayAsk(fields: readonly string[]): boolean {
    const all = [this.permission.fields, this.besides.fields];
    return all.every(({ open }) => open) || fields.every((field) => field !== '' && all.every((each) => each.mayAsk(field)));
  }

  /** The event without what they may not see of it. */
  show(event: LoggedEvent): LoggedEvent {
    const narrower = [...new Set([this.permission.fields, this.besides.fields])].filter(({ open }) => !open);
    const [fields, others] = narrower;
    if (fields === undefined) return event;
    const { position, recordedAt, payload: bytes, ...envelope } = event;
    const whole = { ...envelope, payload: payloadOf(bytes) };
    // Each goes by the event as it is: what one hides may be what the other depends on.
    const shown = others === undefined ? fields.show(whole) : (inBoth(fields.show(whole), others.show(whole)) as typeof whole);
    return {
      ...{ id: event.id, workspaceId: event.workspaceId, type: event.type, time: event.time, correlationId: '', source: {} },
      ...shown,
      actor: { kind: event.actor.kind, id: '', ...shown.actor },
      payload: encoder.encode(JSON.stringify(shown.payload ?? {})),
      ...{ position, recordedAt },
    };
  }
}

/** What two parts of one and the same value have in common. A part has no item of a list where nothing of it may be seen. */
function inBoth(some: unknown, other: unknown): unknown {
  if (some === undefined || other === undefined) return undefined;
  if (typeof some !== 'object' || some === null) return some;
  if (Array.isArray(some)) return some.map((item, index) => inBoth(item, (other as readonly unknown[])[index]));
  const known = Object.entries(some).filter(([key]) => Object.hasOwn(other as object, key));
  return Object.fromEntries(known.map(([key, value]) => [key, inBoth(value, (other as Record<string, unknown>)[key])]));
}

/** A filter that fits no event: all have a type. */
const NOTHING: Filter = { op: 'not', filter: { op: 'exists', field: 'type' } };

/** The caller may not see the field of every event, so they may not ask by it either. */
export function fieldHidden(pointer: string, field: string): DomainError {
  const detail = `You may not see ${field} of every event here, so you may not search by it. Leave it out.`;
  return new DomainError('events.field_hidden', 'forbidden', detail, {
    facts: { field },
    errors: [{ pointer, code: 'events.field_hidden', detail }],
  });
}
