import type { DescField, DescMethod } from '@bufbuild/protobuf';
import { headerOf, isRawBody, routeOf, type MethodRoute } from '@millrace/contracts';
import type { Json, JsonMap } from '@millrace/kernel';

/** A call of a method, as HTTP wants it. `path` begins with a slash and holds the query. */
export interface HttpCall {
  readonly verb: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Writes a request, in its JSON form, as the HTTP call that the method's declaration says. A raw body (YAML) is given as text. */
export function httpCall(method: DescMethod, request: JsonMap): HttpCall {
  const route = routeOf(method);
  if (route === undefined) throw new Error(`${method.name} is no route: it is for services only.`);
  const rest = new Map(
    method.input.fields.filter(({ jsonName }) => request[jsonName] !== undefined).map((field) => [field.jsonName, field]),
  );
  const path = fillPath(route, request, rest);
  const headers = takeHeaders(request, rest);
  const body = takeBody(route, request, rest);
  const query = [...rest.keys()].flatMap((name) => pairs(name, request[name]));
  return {
    verb: route.verb.toUpperCase(),
    path: query.length === 0 ? path : `${path}?${new URLSearchParams(query).toString()}`,
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': body.type }) },
    ...(body === undefined ? {} : { body: body.text }),
  };
}

function fillPath({ path }: MethodRoute, request: JsonMap, rest: Map<string, DescField>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const field = [...rest.values()].find((candidate) => candidate.name === name);
    if (field === undefined) throw new Error(`The path ${path} needs "${name}".`);
    rest.delete(field.jsonName);
    return encodeURIComponent(textOf(request[field.jsonName]));
  });
}

function takeHeaders(request: JsonMap, rest: Map<string, DescField>): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, field] of [...rest]) {
    const header = headerOf(field);
    if (header === undefined) continue;
    headers[header] = textOf(request[name]);
    rest.delete(name);
  }
  return headers;
}

function takeBody({ body }: MethodRoute, request: JsonMap, rest: Map<string, DescField>): { type: string; text: string } | undefined {
  if (body === undefined) return undefined;
  if (body === '*') {
    const fields = Object.fromEntries([...rest.keys()].map((name) => [name, request[name] ?? null]));
    rest.clear();
    return { type: 'application/json', text: JSON.stringify(fields) };
  }
  const field = [...rest.values()].find(({ name }) => name === body);
  if (field === undefined) return undefined;
  rest.delete(field.jsonName);
  const value = request[field.jsonName];
  if (isRawBody(field)) return { type: 'application/yaml', text: textOf(value) };
  return { type: 'application/json', text: JSON.stringify(value) };
}

function pairs(name: string, value: Json | undefined): [string, string][] {
  const values = Array.isArray(value) ? (value as readonly Json[]) : [value];
  return values.map((one) => [name, textOf(one)]);
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}
