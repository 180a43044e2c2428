import type { DescField } from '@bufbuild/protobuf';
import { headerOf, listingOf } from '@millrace/contracts';
import type { Json, JsonMap } from '@millrace/kernel';
import type { CallRoute } from '../calls/call-route';
import { isDemanded } from './constraints';
import { exampleValue } from './examples';
import type { Places } from './places';
import type { Schemas } from './schemas';

/** What every route of a kind takes besides its own fields. */
export const COMMON_PARAMETERS: Readonly<Record<string, JsonMap & { readonly name: string; readonly in: string }>> = {
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
  IfMatch: {
    name: 'If-Match',
    in: 'header',
    required: false,
    description: 'ETag of what the caller means to change, or `*` for whatever is there; 428 without.',
    schema: { type: 'string' },
    example: '"7"',
  },
  IfRange: {
    name: 'If-Range',
    in: 'header',
    required: false,
    description: 'ETag of what the caller has a part of: all of it is answered when it is no longer the current one.',
    schema: { type: 'string' },
  },
  Range: {
    name: 'Range',
    in: 'header',
    required: false,
    description: 'One range of bytes, both ends inclusive. Anything else is answered with all.',
    schema: { type: 'string' },
    example: 'bytes=0-99',
  },
  PreferWait: {
    name: 'Prefer',
    in: 'header',
    required: false,
    description: '`wait=N`: to be held so many seconds at most, 30 at most; `respond-async`: not at all.',
    schema: { type: 'string' },
    example: 'respond-async',
  },
  EventPayload: {
    name: 'payload',
    in: 'query',
    required: false,
    description: 'How much of each payload: `full`, `none`, or fields of it.',
    schema: { type: 'array', items: { type: 'string' } },
    example: ['none'],
  },
  LastEventId: {
    name: 'Last-Event-ID',
    in: 'header',
    required: false,
    description: 'Id of the last event that the caller had, before `since`: what came after it is given out first.',
    schema: { type: 'string' },
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
    ...path.map((field) => parameter('path', field, schemas, { required: true })),
    ...query.map((field) => told(route, parameter('query', field, schemas))),
    ...header.map((field) => parameter('header', field, schemas, { name: titled(headerOf(field) ?? ''), required: false })),
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

/** A field of a message as a parameter. */
export function parameter(
  place: string,
  field: DescField,
  schemas: Schemas,
  { name = field.jsonName, required = isDemanded(field) }: { readonly name?: string; readonly required?: boolean } = {},
): JsonMap {
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
