import type { Json, JsonMap } from '@millrace/kernel';
import { LanguageError } from '../problems/language-error';
import { compileSchema } from '../schema/compile-schema';
import { markedPaths, withDefaults } from '../schema/defaults';
import { SchemaInvalid } from '../schema/schema';
import type { SchemaProblem, Validate } from '../schema/schema';
import { isList, isMap, lineOf, ownOf } from '../values/value';
import type { Value } from '../values/value';
import { valueAt } from '../values/write';
import type { Accepts, PlannedConfig } from './plan';

/** What an automation says about what callers pass: `arguments`, `schemas`, `validateArguments`. */
export function acceptsOf(document: JsonMap, prisme: boolean): Accepts {
  const args = ownOf(document, 'arguments');
  const schemas = ownOf(document, 'schemas');
  const said = ownOf(document, 'validateArguments');
  const schema: JsonMap | undefined = isMap(args) ? { type: 'object', properties: args } : undefined;
  const validates = typeof said === 'boolean' ? said : !prisme && (schema !== undefined || isList(schemas));
  return {
    take: validates ? validating(schema, isList(schemas) ? schemas.filter(isMap) : []) : (locals) => locals,
    ...(schema === undefined ? {} : { schema }),
    secret: markedPaths(schema, 'secret'),
    redact: markedPaths(schema, 'redact'),
  };
}

/** What a configuration must look like, by its schema. */
export function configOf(schema: Value): PlannedConfig {
  const validate = schema === undefined || schema === null ? undefined : usable(schema);
  return { accept: (config) => refuse(validate?.(config, '') ?? []), secret: markedPaths(schema ?? undefined, 'secret') };
}

function validating(schema: JsonMap | undefined, schemas: readonly JsonMap[]): Accepts['take'] {
  const validate = schema === undefined ? undefined : usable(schema);
  const choose = schemas.map((one) => ({ conditions: ownOf(one, 'conditions'), validate: usable(ownOf(one, 'payload') ?? true) }));
  return (locals) => {
    const filled = withDefaults(schema, locals) as JsonMap;
    refuse(validate?.(filled, '') ?? []);
    if (choose.length === 0) return filled;
    const chosen = choose.find(({ conditions }) => applies(conditions, filled));
    refuse(chosen?.validate(filled, '') ?? [{ pointer: '', detail: 'must fit the conditions of one of the schemas' }]);
    return filled;
  };
}

/** A schema that cannot be used refuses everything: check tells the author before it comes to that. */
export function usable(schema: Json): Validate {
  try {
    return compileSchema(schema);
  } catch (error) {
    if (!(error instanceof SchemaInvalid)) throw error;
    const detail = `cannot be validated: the schema is invalid at ${error.pointer}: ${error.message}`;
    return (_, pointer) => [{ pointer, detail }];
  }
}

function applies(conditions: Value, locals: JsonMap): boolean {
  if (!isMap(conditions)) return true;
  return Object.entries(conditions).every(([path, wanted]) => {
    const found = lineOf(valueAt(locals, path.split('.')));
    return path === 'method' ? found.toLowerCase() === lineOf(wanted).toLowerCase() : found === lineOf(wanted);
  });
}

function refuse(problems: readonly SchemaProblem[]): void {
  const [first] = problems;
  if (first === undefined) return;
  const more = problems.length === 1 ? '' : ` (and ${problems.length - 1} more)`;
  throw new LanguageError('language.arguments_invalid', `The argument ${first.pointer || '/'} ${first.detail}${more}.`, undefined, {
    details: problems.map(({ pointer, detail }) => ({ pointer, detail })),
  });
}
