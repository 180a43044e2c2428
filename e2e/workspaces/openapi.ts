import type { Json, JsonMap } from '@millrace/kernel';
import { compileSchema } from '@millrace/language';

const VERBS = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']);
const PLACES = new Set(['path', 'query', 'header', 'cookie']);

/** What is wrong with an OpenAPI 3.1 document as a whole, by its places; empty: nothing. Schemas with an `$id` resolve what they refer to by themselves. */
export function openApiProblems(document: JsonMap): readonly string[] {
  const problems: string[] = [];
  const demand = (holds: boolean, text: string): void => {
    if (!holds) problems.push(text);
  };
  const { openapi, info, paths } = document as { openapi?: string; info?: JsonMap; paths?: Record<string, JsonMap> };
  demand(openapi?.startsWith('3.1.') === true, '/openapi');
  demand(typeof info?.['title'] === 'string' && typeof info['version'] === 'string', '/info');
  const ids = new Set<unknown>();
  const forms = new Set<string>();
  for (const [path, item] of Object.entries(paths ?? {})) {
    const form = path.replaceAll(/\{[^}]+\}/g, '{}');
    demand(path.startsWith('/') && !forms.has(form), `${path} is not the only one of its form`);
    forms.add(form);
    for (const [verb, operation] of Object.entries(item as Record<string, JsonMap>)) {
      const at = `${verb} ${path}`;
      demand(VERBS.has(verb), `${at}: no method`);
      demand(operation['operationId'] === undefined || !ids.has(operation['operationId']), `${at}: operationId`);
      ids.add(operation['operationId']);
      problems.push(...operationProblems(document, path, operation).map((problem) => `${at}: ${problem}`));
    }
  }
  return [...problems, ...referenceProblems(document, document)];
}

function operationProblems(document: JsonMap, path: string, operation: JsonMap): readonly string[] {
  const { content } = (operation['requestBody'] ?? { content: {} }) as { content?: Record<string, JsonMap> };
  const schemes = ((document['components'] as JsonMap | undefined)?.['securitySchemes'] ?? {}) as JsonMap;
  const named = ((operation['security'] ?? []) as unknown as JsonMap[]).flatMap((each) => Object.keys(each));
  return [
    ...parameterProblems(document, path, operation),
    ...responseProblems(document, (operation['responses'] ?? {}) as Record<string, JsonMap>),
    ...(content === undefined ? ['a body without content'] : []),
    ...Object.values(content ?? {}).flatMap(({ schema }) => schemaProblems(schema)),
    ...named.filter((scheme) => schemes[scheme] === undefined).map((scheme) => `security ${scheme}`),
  ];
}

function parameterProblems(document: JsonMap, path: string, operation: JsonMap): readonly string[] {
  const parameters = ((operation['parameters'] ?? []) as unknown as JsonMap[]).map((each) => resolved(document, each));
  const named = parameters.map((each) => `${each['in'] as string} ${each['name'] as string}`);
  const wanted = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => `path ${name ?? ''}`).sort();
  const given = named.filter((name) => name.startsWith('path ')).sort();
  return [
    ...(new Set(named).size === named.length ? [] : ['a parameter twice']),
    ...parameters.filter((each) => !PLACES.has(each['in'] as string)).map((each) => `parameter ${each['name'] as string} in no place`),
    ...parameters.flatMap((each) =>
      each['in'] === 'path' && each['required'] !== true ? ['a parameter of the path is not required'] : [],
    ),
    ...parameters.flatMap(({ schema }) => schemaProblems(schema)),
    ...(wanted.join() === given.join() ? [] : [`its path has ${wanted.join()}, its parameters ${given.join()}`]),
  ];
}

function responseProblems(document: JsonMap, responses: Record<string, JsonMap>): readonly string[] {
  if (Object.keys(responses).length === 0) return ['no responses'];
  return Object.entries(responses).flatMap(([status, response]) => [
    ...(/^([1-5](\d\d|XX)|default)$/.test(status) ? [] : [`response ${status}`]),
    ...(typeof resolved(document, response)['description'] === 'string' ? [] : [`response ${status} lacks a description`]),
  ]);
}

/** Words of JSON Schema that are spelt wrong; what refers elsewhere is looked at there. */
function schemaProblems(schema: Json | undefined): readonly string[] {
  if (schema === undefined || JSON.stringify(schema).includes('"#/components/')) return [];
  if (hasBooleanRequired(schema)) return ['`required` is a list of names in JSON Schema'];
  try {
    compileSchema(schema);
    return [];
  } catch (error) {
    return [String(error)];
  }
}

function hasBooleanRequired(schema: Json): boolean {
  if (typeof schema !== 'object' || schema === null) return false;
  if (!Array.isArray(schema) && 'required' in schema && typeof schema['required'] === 'boolean') return true;
  return Object.values(schema).some((each) => hasBooleanRequired(each as Json));
}

function referenceProblems(root: JsonMap, value: Json): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  const base = !Array.isArray(value) && typeof (value as JsonMap)['$id'] === 'string' ? (value as JsonMap) : root;
  return Object.entries(value).flatMap(([key, each]) => {
    if (key === '$ref' && typeof each === 'string') return found(base, each) === undefined ? [`${each} leads nowhere`] : [];
    return referenceProblems(base, each);
  });
}

function resolved(document: JsonMap, value: JsonMap): JsonMap {
  const reference = value['$ref'];
  return typeof reference === 'string' ? ((found(document, reference) ?? {}) as JsonMap) : value;
}

function found(root: JsonMap, reference: string): Json | undefined {
  const keys = reference
    .replace(/^#\/?/, '')
    .split('/')
    .filter((key) => key !== '');
  const names = keys.map((key) => decodeURIComponent(key).replaceAll('~1', '/').replaceAll('~0', '~'));
  return names.reduce<Json | undefined>((value, name) => (value as JsonMap | undefined)?.[name], root);
}
