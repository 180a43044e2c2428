import { stringify } from 'yaml';
import type { Json, JsonMap } from '@millrace/kernel';
import { workspaceShape } from '../read/automation-shape';
import { isList, isMap, ownOf, textOf } from '../values/value';
import type { Value } from '../values/value';
import { translatedEvent } from './event-names';

/** Files made from one document, and what of it has no place here. */
export interface Converted {
  readonly files: Readonly<Record<string, string>>;
  readonly unused: readonly string[];
}

const ELSEWHERE: ReadonlySet<string> = new Set(['automations', 'imports', 'pages', 'events', 'security', 'authorizations']);

/** `index.yml` as `workspace.yaml`, and its event types as `events/*.yaml`. */
export function convertIndex(index: JsonMap): Converted {
  const known = Object.entries(index).filter(([key]) => Object.hasOwn(workspaceShape.fields, key));
  const unused = Object.keys(index).filter((key) => !Object.hasOwn(workspaceShape.fields, key) && !ELSEWHERE.has(key));
  const workspace = { ...Object.fromEntries(known), language: 1, compat: 'prisme' };
  return { files: { 'workspace.yaml': yaml(workspace), ...eventFiles(ownOf(index, 'events')) }, unused };
}

function eventFiles(events: Value): Readonly<Record<string, string>> {
  const types = isMap(events) ? (ownOf(events, 'types') ?? events) : {};
  if (!isMap(types)) return {};
  return Object.fromEntries(
    Object.entries(types).map(([written, value]) => {
      const type = translatedEvent(written);
      const { schema, title, description } = isMap(value) ? value : {};
      const document = { type, ...given({ title, description, schema }) };
      return [`events/${type}.yaml`, yaml(document)];
    }),
  );
}

/** `imports/<slug>.yml`, all of them, as `apps.yaml`. */
export function convertImports(imports: Readonly<Record<string, JsonMap>>): Readonly<Record<string, string>> {
  const instances = Object.entries(imports).map(([file, written]) => {
    const { slug, appSlug, appVersion, config, disabled, labels } = written;
    return [textOf(slug ?? file), { app: textOf(appSlug ?? file), ...given({ version: appVersion, config, disabled, labels }) }] as const;
  });
  return instances.length === 0 ? {} : { 'apps.yaml': yaml(Object.fromEntries(instances)) };
}

function given(entries: Readonly<Record<string, Json | undefined>>): JsonMap {
  return Object.fromEntries(
    Object.entries(entries).filter((entry): entry is [string, Json] => entry[1] !== undefined && entry[1] !== null),
  );
}

/** A document as YAML in the layout of the house. */
export function yaml(value: Json): string {
  return stringify(value, { indent: 2, lineWidth: 0, singleQuote: true });
}

const ACTIONS: Readonly<Record<string, string>> = { get_usage: 'aggregate', manage_permissions: 'manage', write: 'update' };
const SUBJECTS: Readonly<Record<string, string>> = {
  workspaces: 'workspaces',
  events: 'events',
  automations: 'automations',
  apps: 'apps',
  files: 'files',
};

/** `security.yml` as `roles.yaml`: each rule with the roles it speaks of; the default role's go to `everyone`. */
export function convertSecurity(security: JsonMap): Converted {
  const authorizations = ownOf(security, 'authorizations') ?? security;
  const { roles, rules } = isMap(authorizations) ? authorizations : {};
  const found = new Map<string, JsonMap>();
  for (const [name, role] of Object.entries(isMap(roles) ? roles : {}))
    found.set(name, given({ title: isMap(role) ? (role['title'] ?? role['name']) : undefined }));
  const unused: string[] = [];
  for (const rule of isList(rules) ? rules.filter(isMap) : []) addRule(found, rule, unused);
  return { files: { 'roles.yaml': yaml(Object.fromEntries(found)) }, unused };
}

function addRule(roles: Map<string, JsonMap>, rule: JsonMap, unused: string[]): void {
  const actions = texts(rule['action']).map((action) => translated(ACTIONS, action));
  const on = texts(rule['subject']).map((subject) => translated(SUBJECTS, subject));
  const where = whereOf(rule['conditions']);
  if (where === undefined) unused.push(`the rule about ${on.join(', ')} (its conditions say more than a filter can)`);
  const verb = rule['inverted'] === true ? 'deny' : 'allow';
  const made = { [verb]: actions, on, ...(where === undefined || where === '' ? {} : { where }), ...given({ reason: rule['reason'] }) };
  for (const name of texts(rule['role']).length === 0 ? ['everyone'] : texts(rule['role'])) {
    const role = roles.get(name) ?? {};
    const before = ownOf(role, 'rules');
    if (where !== undefined) roles.set(name, { ...role, rules: [...(isList(before) ? before : []), made] });
  }
}

function texts(value: Value): readonly string[] {
  if (value === undefined || value === null) return [];
  return (isList(value) ? value : [value]).map(textOf);
}

const VARIABLES: Readonly<Record<string, string>> = {
  '${user.id}': '${user.id}',
  '${session.id}': '${session.id}',
  '${workspaceId}': '${workspace.id}',
};

/** Equality of fields as a filter; undefined for anything else. */
function whereOf(conditions: Value): string | undefined {
  if (!isMap(conditions)) return '';
  const parts = Object.entries(conditions).map(([field, value]) => {
    if (typeof value === 'string') return `${field} = '${translated(VARIABLES, value).replaceAll(/[\\']/g, '\\$&')}'`;
    return typeof value === 'number' || typeof value === 'boolean' ? `${field} = ${value}` : undefined;
  });
  return parts.includes(undefined) ? undefined : parts.join(' and ');
}

/** A word in our words; itself where both are the same. */
function translated(words: Readonly<Record<string, string>>, word: string): string {
  return (Object.hasOwn(words, word) ? words[word] : undefined) ?? word;
}
