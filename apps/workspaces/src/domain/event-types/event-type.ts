import { DomainError, type Json } from '@millrace/kernel';

/** What a workspace says of an event that it declares. */
export interface EventType {
  readonly type: string;
  readonly title: string;
  readonly description: string;
  /** JSON Schema of the payload; undefined: anything. */
  readonly schema?: Json;
  /** What becomes of a payload that does not fit: it is refused, it is told of, nothing. */
  readonly mode: 'enforce' | 'warn' | 'off';
  /** Whether a new schema must accept what the old one did. */
  readonly compatibility: 'backward' | 'none';
  /** Whether clients may send it: a filter decides by the event. */
  readonly clients: boolean | string;
  /** Path into the payload whose value orders the events. */
  readonly key?: string;
  /** Paths into the payload that never reach the log. */
  readonly secret: readonly string[];
  /** Paths into the payload that speak of a person. */
  readonly personal: readonly string[];
}

/** A schema that was published. Its number is never another one's. */
export interface SchemaVersion {
  /** The same for the same schema of the same type. */
  readonly id: string;
  readonly workspaceId: string;
  readonly type: string;
  /** 1 for the first. */
  readonly number: number;
  /** As `schemaText` writes it. */
  readonly schema: string;
  /** When it was first published, milliseconds since 1970. */
  readonly declaredAt: number;
}

const FOLDER = 'events/';
const ENDING = '.yaml';

/** Path of a type's file: `events/<type>.yaml`. */
export function eventTypePath(type: string): string {
  return `${FOLDER}${type}${ENDING}`;
}

/** The type that a file declares; undefined when the path is no event type's. */
export function eventTypeName(path: string): string | undefined {
  const isOne = path.startsWith(FOLDER) && path.endsWith(ENDING) && path.length > FOLDER.length + ENDING.length;
  return isOne ? path.slice(FOLDER.length, -ENDING.length) : undefined;
}

/** A schema as text that is equal for equal schemas: the keys of each map in their order. */
export function schemaText(schema: Json): string {
  return JSON.stringify(schema, (_, value: Json) => (isMap(value) ? Object.fromEntries(Object.entries(value).sort(byKey)) : value));
}

/** There is no such event type in the draft. */
export function eventTypeMissing(type: string): DomainError {
  return new DomainError(
    'workspaces.event_type_not_found',
    'not-found',
    `There is no event type "${type}" in the draft of this workspace.`,
    {
      facts: { type },
    },
  );
}

/** No schema of the type was ever published under the number. */
export function schemaMissing(type: string, number: number): DomainError {
  return new DomainError(
    'workspaces.event_type_version_not_found',
    'not-found',
    `The event type "${type}" has no version ${number} in this workspace. Versions are made by publishing.`,
    { facts: { type, version: number } },
  );
}

function isMap(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function byKey([one]: [string, Json], [other]: [string, Json]): number {
  return one < other ? -1 : 1;
}
