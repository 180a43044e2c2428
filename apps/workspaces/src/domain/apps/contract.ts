import type { Json, JsonMap } from '@millrace/kernel';
import { NO_PERMISSIONS, type Permissions } from './permissions';

/** An automation that others may call. */
export interface OfferedAutomation {
  readonly slug: string;
  readonly name: string;
  /** JSON Schema by argument. */
  readonly arguments: JsonMap;
}

/** What a version of an app offers to those who install it, and what it asks of them. */
export interface Contract {
  readonly automations: readonly OfferedAutomation[];
  /** Types of the events it declares. */
  readonly events: readonly string[];
  /** JSON Schema of the configuration. */
  readonly config: JsonMap;
  readonly permissions: Permissions;
}

/** A contract as it was kept with its version; one from before a permission was known does not have it. */
export function contractIn(text: string): Contract {
  const kept = JSON.parse(text) as Contract;
  return { ...kept, permissions: { ...NO_PERMISSIONS, ...kept.permissions } };
}

/** What callers of `before` rely on that `after` does not give them, each in words for people. */
export function breakingChanges(before: Contract, after: Contract): readonly string[] {
  const events = before.events.filter((type) => !after.events.includes(type)).map((type) => `event ${type} is gone`);
  const automations = before.automations.flatMap((automation) => {
    const now = after.automations.find(({ slug }) => slug === automation.slug);
    if (now === undefined) return [`automation ${automation.slug} is gone`];
    return fieldChanges(`automation ${automation.slug}`, schemaOf(automation.arguments), schemaOf(now.arguments));
  });
  return [...automations, ...events, ...fieldChanges('the configuration', before.config, after.config)];
}

/** `arguments` of an automation as a schema of the whole: each says of itself whether it is required. */
function schemaOf(fields: JsonMap): JsonMap {
  const required = Object.entries(fields).flatMap(([name, field]) => (mapOf(field)['required'] === true ? [name] : []));
  return { properties: fields, required };
}

function fieldChanges(what: string, before: JsonMap, after: JsonMap): readonly string[] {
  const [old, now] = [mapOf(before['properties']), mapOf(after['properties'])];
  const wanted = textsIn(before['required']);
  const needed = textsIn(after['required']).filter((name) => !wanted.includes(name) && mapOf(now[name])['default'] === undefined);
  const retyped = Object.keys(old).filter((name) => !takesAll(mapOf(old[name]), mapOf(now[name])));
  return [...needed.map((name) => `${what} needs ${name}`), ...retyped.map((name) => `${what} takes another ${name}`)];
}

/** Whether a field that was of one type may still be: a field that says no type takes anything. */
function takesAll(before: JsonMap, after: JsonMap): boolean {
  const types = listOf(after['type']);
  return types.length === 0 || (listOf(before['type']).length > 0 && listOf(before['type']).every((type) => types.includes(type)));
}

export function mapOf(value: Json | undefined): JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonMap) : {};
}

/** The texts of a list. */
export function textsIn(value: Json | undefined): readonly string[] {
  return listOf(value).filter((one) => typeof one === 'string');
}

/** A list as it is; anything else that is there as its only item. */
export function listOf(value: Json | undefined): readonly Json[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? (value as readonly Json[]) : [value];
}
