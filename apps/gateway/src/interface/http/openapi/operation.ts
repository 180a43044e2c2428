import type { DescField, DescMethod } from '@bufbuild/protobuf';
import { answerOf, headerOf, isRawBody, permissionOf, type MethodPolicy } from '@millrace/contracts';
import type { Json, JsonMap } from '@millrace/kernel';
import type { CallRoute } from '../calls/call-route';
import { JSON_TYPE, RAW_TYPES } from '../transcoding/media';
import { fitsQuery } from '../transcoding/request-reader';
import { isDemanded } from './constraints';
import { COMMENTS } from './gen/comments';
import { problemResponses } from './problem-components';
import type { Schemas } from './schemas';

/** What may happen to any call. */
const ALWAYS = [400, 406, 414, 429, 431, 500, 503, 504];
const REQUEST = new Set(['request'] as const);

/** The parts of a route's request, by where they stand. */
interface Places {
  readonly path: readonly DescField[];
  readonly header: readonly DescField[];
  readonly query: readonly DescField[];
  readonly body: readonly DescField[];
}

/** One route, as OpenAPI describes it. */
export function operationOf(route: CallRoute, schemas: Schemas): JsonMap {
  const { method, policy } = route;
  const places = placesOf(route);
  const body = bodyOf(route, places, schemas);
  const description = COMMENTS[nameOf(method)];
  return {
    operationId: method.localName,
    tags: [method.parent.name.replace(/Service$/, '').toLowerCase()],
    ...(description === undefined ? {} : toldBy(description)),
    'x-millrace-permission': permissionOf(policy),
    ...(policy.kind === 'public' ? { security: [] } : {}),
    parameters: [
      ...places.path.map((field) => parameter('path', field.jsonName, true, schemas.value(field, 'request'))),
      ...places.query.map((field) => parameter('query', field.jsonName, isDemanded(field), schemas.value(field, 'request'))),
      ...places.header.map((field) => parameter('header', titled(headerOf(field) ?? ''), false, schemas.value(field, 'request'))),
    ],
    ...(body === undefined ? {} : { requestBody: body }),
    responses: { ...answersOf(method, schemas), ...problemResponses(problemsOf(policy, places, body !== undefined)) },
  };
}

/** The path with its parameters by the names they have in JSON. */
export function pathOf({ method, path }: CallRoute): string {
  return path.replaceAll(
    /\{([^}]*)\}/g,
    (_, name: string) => `{${method.input.fields.find((field) => field.name === name)?.jsonName ?? name}}`,
  );
}

function placesOf({ method, path, body }: CallRoute): Places {
  const { fields } = method.input;
  const inPath = fields.filter(({ name }) => path.includes(`{${name}}`));
  const header = fields.filter((field) => headerOf(field) !== undefined);
  const free = fields.filter((field) => !inPath.includes(field) && !header.includes(field));
  const inBody = body === undefined ? [] : free.filter(({ name }) => body === '*' || name === body);
  return {
    path: inPath,
    header,
    body: inBody,
    query: body === '*' ? [] : free.filter((field) => !inBody.includes(field) && fitsQuery(field)),
  };
}

function bodyOf({ method, body }: CallRoute, { body: fields }: Places, schemas: Schemas): JsonMap | undefined {
  const [field] = fields;
  if (body === undefined || field === undefined) return undefined;
  if (body === '*') {
    return { required: fields.some(isDemanded), content: { [JSON_TYPE]: { schema: schemas.object(method.input, fields, REQUEST) } } };
  }
  const types = isRawBody(field) ? RAW_TYPES : [JSON_TYPE];
  const schema = isRawBody(field) ? described(field, { type: 'string' }) : schemas.value(field, 'request');
  return { required: true, content: Object.fromEntries(types.map((type) => [type, { schema }])) };
}

function answersOf(method: DescMethod, schemas: Schemas): JsonMap {
  const { status, body } = answerOf(method);
  if (status === 204) return { '204': { description: 'Done; there is nothing to show.' } };
  const field = method.output.fields.find(({ name }) => name === body);
  const schema = field === undefined ? schemas.ref(method.output, 'answer') : schemas.value(field, 'answer');
  const shown = field?.message ?? method.output;
  const headers: Record<string, Json> = {};
  if (shown.fields.some(({ name }) => name === 'etag')) headers['ETag'] = header('Revision of what is shown.');
  if (shown.fields.some(({ name }) => name === 'next_cursor')) headers['Link'] = header('`rel="next"`: the next page, while there is one.');
  if (status === 201) headers['Location'] = header('Where what was made can be read by itself, if it can.');
  return {
    [String(status)]: {
      description: status === 201 ? 'Made.' : 'As asked.',
      ...(Object.keys(headers).length === 0 ? {} : { headers }),
      content: { [JSON_TYPE]: { schema } },
    },
  };
}

function problemsOf(policy: MethodPolicy, { path, query, header: headers }: Places, hasBody: boolean): readonly number[] {
  const named = headers.map(headerOf);
  return [
    ...ALWAYS,
    // A credential may lack the scope even of what is its own.
    ...(policy.kind === 'public' ? [] : [401, 403]),
    ...(path.length > 0 ? [404] : []),
    ...(hasBody ? [409, 413, 415] : []),
    ...(hasBody || query.length > 0 || headers.length > 0 ? [422] : []),
    ...(named.includes('if-match') ? [412, 428] : []),
  ].sort();
}

function parameter(place: string, name: string, required: boolean, { description, ...schema }: JsonMap): JsonMap {
  return { name, in: place, required, ...(description === undefined ? {} : { description }), schema };
}

function header(description: string): JsonMap {
  return { description, schema: { type: 'string' } };
}

function described(field: DescField, schema: JsonMap): JsonMap {
  const description = COMMENTS[`${field.parent.typeName}.${field.name}`];
  return description === undefined ? schema : { ...schema, description };
}

function nameOf({ parent, name }: DescMethod): string {
  return `${parent.typeName}.${name}`;
}

/** The first sentence, and the whole if there is more. */
function toldBy(comment: string): JsonMap {
  const summary = /^.*?[.](?=\s|$)/.exec(comment)?.[0] ?? comment;
  return summary === comment ? { summary } : { summary, description: comment };
}

/** `if-match` → `If-Match`. */
function titled(name: string): string {
  return name.replaceAll(/(^|-)[a-z]/g, (letters) => letters.toUpperCase());
}
