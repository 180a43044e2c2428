import type { DescField } from '@bufbuild/protobuf';
import type { Json, JsonMap } from '@millrace/kernel';
import { FORM_TYPE, type HandAnswer, type HandRoute } from '../hand-routes/hand-route';
import { JSON_TYPE } from '../transcoding/media';
import { contentOf, referenced } from './answers';
import { toldBy } from './operation';
import { parameter } from './parameters';
import { problemResponses } from './problem-components';
import { SECURITY } from './security';
import type { Schemas } from './schemas';

/** What may happen to any of them. */
const ALWAYS = [400, 403, 414, 417, 429, 431, 500, 503, 504];
/** What may happen to a body, wanted or not: it stops coming, is too large, or says no type. */
const OF_BODIES = [408, 413, 415];
const BYTES = { type: 'string', format: 'binary' };

/** A route that is no call, as OpenAPI describes it. */
export function handOperation(route: HandRoute, schemas: Schemas): JsonMap {
  const { id, verb, tag, says, permission, credential, routeClass, takes, answers, refusals } = route;
  const problems = [...ALWAYS, ...(verb === 'get' ? [] : OF_BODIES), ...refusals].sort();
  return {
    operationId: id,
    tags: [tag],
    ...toldBy(says),
    'x-permission': permission,
    'x-limit-class': routeClass,
    ...(credential === undefined ? {} : { security: credential === 'never' ? [] : [{}, ...SECURITY] }),
    parameters: parametersOf(route, schemas),
    ...(takes === undefined ? {} : { requestBody: { required: true, content: Object.fromEntries(takes.map(taken)) } }),
    responses: { ...Object.fromEntries(answers.map((each) => answered(each, schemas))), ...problemResponses(problems) },
  };
}

function parametersOf({ path, query, parameters = [] }: HandRoute, schemas: Schemas): readonly Json[] {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const asked = query?.of.fields.filter(({ jsonName }) => query.fields.includes(jsonName)) ?? [];
  return [
    ...names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string', minLength: 1 } })),
    ...asked.map((field) => inQuery(field, schemas)),
    ...parameters.map((name) => ({ $ref: `#/components/parameters/${name}` })),
  ];
}

/** A map is said as the text of a JSON object. */
function inQuery(field: DescField, schemas: Schemas): JsonMap {
  const told = parameter('query', field, schemas);
  return field.fieldKind === 'map' ? { ...told, schema: { type: 'string', contentMediaType: 'application/json' } } : told;
}

function taken(type: string): [string, JsonMap] {
  const form = { type: 'object', properties: { file: BYTES }, required: ['file'] };
  return [type, { schema: type === FORM_TYPE ? form : BYTES }];
}

function answered({ status, says, headers = [], body }: HandAnswer, schemas: Schemas): [string, JsonMap] {
  const content = body === undefined ? {} : { content: shown(body, schemas) };
  return [String(status), { description: says, headers: referenced(headers), ...content }];
}

function shown(body: NonNullable<HandAnswer['body']>, schemas: Schemas): JsonMap {
  if ('schema' in body) return { [JSON_TYPE]: body };
  return 'methodKind' in body ? contentOf(body, schemas) : Object.fromEntries(body.map((type) => [type, { schema: BYTES }]));
}
