import type { Json } from '@millrace/kernel';
import { pointerTo } from '../read/tree';
import { same } from '../values/compare';
import { isList, isMap, ownOf, textOf } from '../values/value';
import { onSize, regexOf } from './scalars';
import { FINE, SchemaInvalid, unusable, wrong } from './schema';
import type { CompileInner, Keyword, KeywordSite, Validate } from './schema';

function schemasOf({ value }: KeywordSite, name: string): readonly (readonly [string, Json])[] {
  if (!isMap(value)) throw new SchemaInvalid(`\`${name}\` is a map of schemas`, `/${name}`);
  return Object.entries(value);
}

/** Compiles a schema below a keyword; what is wrong in it is told with its pointer. */
function inner(compile: CompileInner, schema: Json, pointer: string): Validate {
  try {
    return compile(schema);
  } catch (error) {
    const { message, pointer: within } = unusable(error);
    throw new SchemaInvalid(message, pointer + within);
  }
}

const properties: Keyword = (site) => {
  const compiled = schemasOf(site, 'properties').map(
    ([name, schema]) => [name, inner(site.compile, schema, pointerTo('/properties', name))] as const,
  );
  const needed = schemasOf(site, 'properties').filter(([, schema]) => isMap(schema) && schema['required'] === true);
  return (found, pointer) => {
    if (!isMap(found)) return FINE;
    const absent = needed
      .filter(([name]) => ownOf(found, name) === undefined)
      .map(([name]) => ({ pointer: pointerTo(pointer, name), detail: 'is required' }));
    const problems = compiled.flatMap(([name, validate]) => {
      const value = ownOf(found, name);
      return value === undefined ? FINE : validate(value, pointerTo(pointer, name));
    });
    return [...absent, ...problems];
  };
};

const required: Keyword = ({ value }) => {
  if (typeof value === 'boolean') return undefined;
  if (!isList(value)) throw new SchemaInvalid('`required` is a list of names, or true on a property', '/required');
  const names = value.map(textOf);
  return (found, pointer) =>
    isMap(found)
      ? names
          .filter((name) => ownOf(found, name) === undefined)
          .map((name) => ({ pointer: pointerTo(pointer, name), detail: 'is required' }))
      : FINE;
};

const additionalProperties: Keyword = ({ value, schema, compile }) => {
  const known = isMap(schema['properties']) ? schema['properties'] : {};
  const patterns = isMap(schema['patternProperties'])
    ? Object.keys(schema['patternProperties']).map((source) => regexOf(source, '/patternProperties'))
    : [];
  const validate = value === false ? undefined : inner(compile, value, '/additionalProperties');
  return (found, pointer) => {
    if (!isMap(found)) return FINE;
    const others = Object.entries(found).filter(([name]) => !Object.hasOwn(known, name) && !patterns.some((one) => one.test(name)));
    return others.flatMap(([name, item]) => validate?.(item, pointerTo(pointer, name)) ?? wrong(pointerTo(pointer, name), 'is not known'));
  };
};

const patternProperties: Keyword = (site) => {
  const compiled = schemasOf(site, 'patternProperties').map(
    ([source, schema]) =>
      [regexOf(source, '/patternProperties'), inner(site.compile, schema, pointerTo('/patternProperties', source))] as const,
  );
  return (found, pointer) =>
    isMap(found)
      ? Object.entries(found).flatMap(([name, item]) =>
          compiled.filter(([one]) => one.test(name)).flatMap(([, validate]) => validate(item, pointerTo(pointer, name))),
        )
      : FINE;
};

const propertyNames: Keyword = ({ value, compile }) => {
  const validate = inner(compile, value, '/propertyNames');
  return (found, pointer) => (isMap(found) ? Object.keys(found).flatMap((name) => validate(name, pointerTo(pointer, name))) : FINE);
};

const dependentRequired: Keyword = (site) => {
  const needs = schemasOf(site, 'dependentRequired').map(([name, others]) => [name, isList(others) ? others.map(textOf) : []] as const);
  return (found, pointer) => {
    if (!isMap(found)) return FINE;
    const missing = needs
      .filter(([name]) => ownOf(found, name) !== undefined)
      .flatMap(([, others]) => others.filter((other) => ownOf(found, other) === undefined));
    return missing.map((name) => ({ pointer: pointerTo(pointer, name), detail: 'is required' }));
  };
};

const dependentSchemas: Keyword = (site) => {
  const compiled = schemasOf(site, 'dependentSchemas').map(
    ([name, schema]) => [name, inner(site.compile, schema, pointerTo('/dependentSchemas', name))] as const,
  );
  return (found, pointer) =>
    isMap(found) ? compiled.filter(([name]) => ownOf(found, name) !== undefined).flatMap(([, validate]) => validate(found, pointer)) : FINE;
};

const items: Keyword = ({ value, schema, compile }) => {
  const from = isList(schema['prefixItems']) ? schema['prefixItems'].length : 0;
  const validate = inner(compile, value, '/items');
  return (found, pointer) =>
    isList(found) ? found.slice(from).flatMap((item, index) => validate(item, pointerTo(pointer, index + from))) : FINE;
};

const prefixItems: Keyword = ({ value, compile }) => {
  if (!isList(value)) throw new SchemaInvalid('`prefixItems` is a list of schemas', '/prefixItems');
  const compiled = value.map((schema, index) => inner(compile, schema, `/prefixItems/${index}`));
  return (found, pointer) =>
    isList(found)
      ? compiled.flatMap((validate, index) => {
          const item = found[index];
          return item === undefined ? FINE : validate(item, pointerTo(pointer, index));
        })
      : FINE;
};

const contains: Keyword = ({ value, schema, compile }) => {
  const validate = inner(compile, value, '/contains');
  const least = Number(schema['minContains'] ?? 1);
  const most = Number(schema['maxContains'] ?? Number.POSITIVE_INFINITY);
  return (found, pointer) => {
    if (!isList(found)) return FINE;
    const count = found.filter((item) => validate(item, pointer).length === 0).length;
    return count >= least && count <= most
      ? FINE
      : wrong(pointer, `must contain ${least === most ? least : `at least ${least}`} fitting items`);
  };
};

const uniqueItems: Keyword =
  ({ value }) =>
  (found, pointer) =>
    value === true && isList(found) && found.some((item, index) => found.slice(0, index).some((other) => same(item, other)))
      ? wrong(pointer, 'must not hold anything twice')
      : FINE;

function length(value: Json): number | undefined {
  return isList(value) ? value.length : undefined;
}

function keyCount(value: Json): number | undefined {
  return isMap(value) ? Object.keys(value).length : undefined;
}

/** The keywords that look into lists and maps. */
export const CONTAINER_KEYWORDS: Readonly<Record<string, Keyword>> = {
  properties,
  required,
  additionalProperties,
  patternProperties,
  propertyNames,
  dependentRequired,
  dependentSchemas,
  minProperties: onSize('minProperties', keyCount, true, 'entries'),
  maxProperties: onSize('maxProperties', keyCount, false, 'entries'),
  items,
  prefixItems,
  contains,
  uniqueItems,
  minItems: onSize('minItems', length, true, 'items'),
  maxItems: onSize('maxItems', length, false, 'items'),
};
