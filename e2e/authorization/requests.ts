import { fromBinary, toJson, type DescMethod } from '@bufbuild/protobuf';
import { headerOf, isJsonField, isRawBody, policyOf, routeOf, type MethodRoute } from '@millrace/contracts';
import { METHODS } from '../security/methods';
import { filled } from '../security/filled';

/** A route of the door. */
export interface Routed {
  /** `GET /v1/workspaces/{workspace_id}`. */
  readonly name: string;
  /** What one must be allowed to; absent: something else decides. */
  readonly rule?: { readonly action: string; readonly subject: string };
  /**
   * A request that only rights can refuse: every check of its message is content. Whoever may make it changes nothing that others meet: what it
   * names is nobody else's (`mark`, a word), and no header says that a document may be changed.
   */
  asked(workspaceId: string, mark: string): readonly [path: string, sent: Sent];
}

/** Every call that has a route. */
export const CALLS: readonly Routed[] = METHODS.flatMap((method) => {
  const route = routeOf(method);
  if (route === undefined) return [];
  const policy = policyOf(method);
  const rule = policy.kind === 'rule' ? { rule: { action: policy.action, subject: policy.subject } } : {};
  const asked: Routed['asked'] = (workspaceId, mark) => requestOf({ method, route }, workspaceId, mark);
  return [{ name: `${route.verb.toUpperCase()} ${route.path}`, ...rule, asked }];
});

interface Called {
  readonly method: DescMethod;
  readonly route: MethodRoute;
}

type Fields = Readonly<Record<string, unknown>>;

/** A request whose headers are a plain map. */
export interface Sent {
  readonly method: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

function requestOf({ method, route }: Called, workspaceId: string, mark: string): readonly [path: string, sent: Sent] {
  const bytes = filled(method.input, workspaceId);
  if (bytes === undefined) throw new Error(`No request was found that passes the checks of ${method.name}.`);
  const values = toJson(method.input, fromBinary(method.input, bytes)) as Fields;
  const named: Fields = { ...values, ...ownNames(method, mark), workspaceId };
  const inPath = [...route.path.matchAll(/\{(\w+)[^}]*\}/g)].map(([, name = '']) => jsonName(method, name));
  const path = route.path.replace(/\{(\w+)[^}]*\}/g, (_, name: string) => encodeURIComponent(textOf(named[jsonName(method, name)])));
  const rest = Object.entries(named).filter(([name]) => !inPath.includes(name) && isSent(method, name));
  if (route.body === undefined) return [path + queryOf(rest), { method: route.verb.toUpperCase() }];
  return [path, { method: route.verb.toUpperCase(), ...bodyOf(method, route.body, rest) }];
}

function ownNames({ input }: DescMethod, mark: string): Fields {
  const names: Fields = { slug: `m-${mark}`, role: `m-${mark}`, name: `M_${mark.toUpperCase().replaceAll('-', '_')}` };
  const own = Object.entries(names).filter(([name]) => input.fields.some((field) => field.jsonName === name && field.scalar !== undefined));
  return Object.fromEntries(own);
}

function bodyOf(method: DescMethod, body: string, rest: readonly (readonly [string, unknown])[]): Omit<Sent, 'method'> {
  const raw = method.input.fields.find((field) => field.name === body && isRawBody(field));
  if (raw !== undefined) return { body: 'do: []\n', headers: { 'content-type': 'application/yaml' } };
  const values = Object.fromEntries(rest.map(([name, value]) => [name, jsonValue(method, name, value)]));
  const only = method.input.fields.find((field) => field.name === body);
  return {
    body: JSON.stringify(only === undefined ? values : (values[only.jsonName] ?? {})),
    headers: { 'content-type': 'application/json' },
  };
}

function queryOf(rest: readonly (readonly [string, unknown])[]): string {
  const query = rest
    .filter(([, value]) => typeof value !== 'object')
    .map(([name, value]) => `${name}=${encodeURIComponent(textOf(value))}`);
  return query.length === 0 ? '' : `?${query.join('&')}`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? 'x');
}

function jsonValue({ input }: DescMethod, name: string, value: unknown): unknown {
  const field = input.fields.find(({ jsonName }) => jsonName === name);
  return field !== undefined && isJsonField(field) ? {} : value;
}

function isSent({ input }: DescMethod, name: string): boolean {
  const field = input.fields.find(({ jsonName }) => jsonName === name);
  return field !== undefined && headerOf(field) === undefined && name !== 'workspaceId';
}

function jsonName({ input }: DescMethod, name: string): string {
  return input.fields.find((field) => field.name === name)?.jsonName ?? name;
}
