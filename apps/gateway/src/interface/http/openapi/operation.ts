import type { DescField, DescMethod } from '@bufbuild/protobuf';
import { deprecationOf, headerOf, isRawBody, permissionOf } from '@millrace/contracts';
import type { JsonMap } from '@millrace/kernel';
import type { CallRoute } from '../calls/call-route';
import { JSON_TYPE, RAW_TYPES } from '../transcoding/media';
import { answersOf } from './answers';
import { isDemanded } from './constraints';
import { exampleValue } from './examples';
import { fittedExample } from './fitted-example';
import { COMMENTS } from './gen/comments';
import { parametersOf } from './parameters';
import { placesOf, type Places } from './places';
import { problemResponses } from './problem-components';
import type { Schemas } from './schemas';

/** What may happen to any call: a credential that proves nobody is refused where none is needed, too, and an address may be shut out. */
const ALWAYS = [400, 401, 403, 406, 414, 417, 429, 431, 500, 503, 504];
/** What may happen to a body: it does not arrive, or is too large. */
const OF_BODIES = [408, 413];
const REQUEST = new Set(['request'] as const);

/** One route, as OpenAPI describes it. */
export function operationOf(route: CallRoute, schemas: Schemas): JsonMap {
  const { method, policy } = route;
  const places = placesOf(route);
  const body = bodyOf(route, places, schemas);
  const description = COMMENTS[nameOf(method)];
  return {
    operationId: method.localName,
    tags: [tagOf(route)],
    ...(description === undefined ? {} : toldBy(description)),
    'x-permission': permissionOf(policy),
    'x-limit-class': route.routeClass,
    ...deprecationOn(method),
    ...(policy.kind === 'public' ? { security: [] } : {}),
    parameters: parametersOf(route, places, schemas),
    ...(body === undefined ? {} : { requestBody: body }),
    responses: { ...answersOf(route, schemas), ...problemResponses(problemsOf(route, places, body !== undefined)) },
  };
}

/** The path with its parameters by the names they have in JSON. */
export function pathOf({ method, path }: CallRoute): string {
  return path.replaceAll(
    /\{([^}]*)\}/g,
    (_, name: string) => `{${method.input.fields.find((field) => field.name === name)?.jsonName ?? name}}`,
  );
}

/** What the operations of a service stand under. */
export function tagOf({ method }: CallRoute): string {
  return method.parent.name
    .replace(/Service$/, '')
    .replace(/(?<=[a-z])(?=[A-Z])/g, '-')
    .toLowerCase();
}

function bodyOf({ method, body }: CallRoute, { body: fields }: Places, schemas: Schemas): JsonMap | undefined {
  const [field] = fields;
  if (body === undefined || field === undefined) return undefined;
  if (body === '*') {
    const schema = schemas.object(method.input, fields, REQUEST);
    const example = fittedExample(method.input, fields);
    return { required: fields.some(isDemanded), content: { [JSON_TYPE]: { schema, ...(example === undefined ? {} : { example }) } } };
  }
  const example = exampleValue(field) ?? {};
  if (!isRawBody(field)) return { required: true, content: { [JSON_TYPE]: { schema: schemas.value(field, 'request'), example } } };
  const asText = { schema: described(field, { type: 'string' }), example };
  const asJson = { schema: described(field, { type: 'object' }) };
  return { required: true, content: Object.fromEntries(RAW_TYPES.map((type) => [type, type === JSON_TYPE ? asJson : asText])) };
}

function problemsOf({ verb }: CallRoute, { path, query, header: headers }: Places, hasBody: boolean): readonly number[] {
  const named = headers.map(headerOf);
  const statuses = new Set([
    ...ALWAYS,
    // What is named in the query or the body may not be there, either.
    ...(path.length > 0 || hasBody || query.some((field) => isDemanded(field) || field.name === 'workspace') ? [404] : []),
    // What changes something may contradict what is there, and what is read may be in no state to be shown.
    ...(verb === 'get' && path.length === 0 ? [] : [409]),
    // What fits may be refused for what it says. A key may belong to another request, or to one that is still at work (409).
    ...(verb === 'post' || hasBody || path.length + query.length + headers.length > 0 ? [422] : []),
    // A `Content-Type` that names none is refused whether a body comes with it or not.
    ...(verb === 'get' ? [] : [415]),
    ...(hasBody ? OF_BODIES : []),
    ...(named.includes('if-match') ? [412, 428] : []),
  ]);
  return [...statuses].sort();
}

function deprecationOn(method: DescMethod): JsonMap {
  const deprecation = deprecationOf(method);
  return deprecation === undefined ? {} : { deprecated: true, 'x-sunset': new Date(deprecation.sunset).toISOString().slice(0, 10) };
}

function described(field: DescField, schema: JsonMap): JsonMap {
  const description = COMMENTS[`${field.parent.typeName}.${field.name}`];
  return description === undefined ? schema : { ...schema, description };
}

function nameOf({ parent, name }: DescMethod): string {
  return `${parent.typeName}.${name}`;
}

/** The first sentence, and the whole if there is more. */
export function toldBy(comment: string): JsonMap {
  const summary = /^.*?[.](?=\s|$)/.exec(comment)?.[0] ?? comment;
  return summary === comment ? { summary } : { summary, description: comment };
}
