import type { DescField } from '@bufbuild/protobuf';
import { headerOf, listingOf } from '@millrace/contracts';
import type { Json, JsonMap } from '@millrace/kernel';
import type { CallRoute } from '../calls/call-route';
import { isDemanded } from './constraints';
import { exampleValue } from './examples';
import type { Places } from './places';
import type { Schemas } from './schemas';

/** What every route of a kind takes besides its own fields. */
export const COMMON_PARAMETERS: JsonMap = {
  Fields: {
    name: 'fields',
    in: 'query',
    required: false,
    description: 'The fields that are wanted, of each item in a list; all when absent. A dot leads into what stands in them.',
    schema: { type: 'string' },
    example: 'id',
  },
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    description: 'The same request with the same key is made once; whoever repeats it within 24 h gets the first answer.',
    schema: { type: 'string', minLength: 1, maxLength: 64, pattern: '^[!-~]+$' },
    example: 'order-4711',
  },
  IfNoneMatch: {
    name: 'If-None-Match',
    in: 'header',
    required: false,
    description: 'ETag of what the caller holds: 304 when it is still the current one.',
    schema: { type: 'string' },
    example: '"7"',
  },
  Prefer: {
    name: 'Prefer',
    in: 'header',
    required: false,
    description: '`return=minimal`: not to be shown what can be read elsewhere.',
    schema: { type: 'string' },
    example: 'return=minimal',
  },
};

/** All that a route takes besides a body. */
export function parametersOf(route: CallRoute, { path, query, header }: Places, schemas: Schemas): readonly Json[] {
  return [
    ...path.map((field) => parameter('path', field.jsonName, true, field, schemas)),
    ...query.map((field) => told(route, parameter('query', field.jsonName, isDemanded(field), field, schemas))),
    ...header.map((field) => parameter('header', titled(headerOf(field) ?? ''), false, field, schemas)),
    ...commonTo(route, header).map((name) => ({ $ref: `#/components/parameters/${name}` })),
  ];
}

/** Whether an answer shows a document with a revision. */
export function showsRevision({ method }: CallRoute, shown = shownBy(method)): boolean {
  return shown.some(({ name }) => name === 'etag');
}

function shownBy({ output }: CallRoute['method']): readonly DescField[] {
  const [only, ...more] = output.fields;
  return only?.message !== undefined && only.fieldKind === 'message' && more.length === 0 ? only.message.fields : output.fields;
}

function commonTo(route: CallRoute, header: readonly DescField[]): readonly string[] {
  const declared = new Set(header.map(headerOf));
  const reads = route.verb === 'get';
  return [
    ...(route.narrowing.isOffered ? ['Fields'] : []),
    ...(route.verb === 'post' && !declared.has('idempotency-key') ? ['IdempotencyKey'] : []),
    ...(reads && route.tagging !== 'none' ? ['IfNoneMatch'] : []),
    ...(!reads && showsRevision(route) && !declared.has('prefer') ? ['Prefer'] : []),
  ];
}

function parameter(place: string, name: string, required: boolean, field: DescField, schemas: Schemas): JsonMap {
  const { description, ...schema } = schemas.value(field, 'request');
  const example = exampleValue(field);
  return {
    name,
    in: place,
    required,
    ...(description === undefined ? {} : { description }),
    schema,
    ...(example === undefined || example === '' ? {} : { example }),
  };
}

/** With the fields that it may name, where there are some. */
function told({ method }: CallRoute, parameter: JsonMap): JsonMap {
  const { fields, order } = listingOf(method) ?? { fields: [], order: '' };
  const { name, description } = parameter;
  if (fields.length === 0 || typeof description !== 'string' || (name !== 'where' && name !== 'sort')) return parameter;
  const usual = name === 'sort' ? ` Unless asked otherwise: \`${order}\`.` : '';
  return { ...parameter, description: `${description}${usual} The fields are ${fields.map((field) => `\`${field}\``).join(', ')}.` };
}

/** `if-match` → `If-Match`. */
function titled(name: string): string {
  return name.replaceAll(/(^|-)[a-z]/g, (letters) => letters.toUpperCase());
}
