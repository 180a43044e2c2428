import type { Json, JsonMap } from '@millrace/kernel';

/** A schema of automations in the words of JSON Schema alone: `required: true` of a property stands in the list of the object it is of. */
export function plainSchema(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map((each) => plainSchema(each as Json));
  if (!isMap(schema)) return schema;
  const { required, ...rest } = schema;
  const plain = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, VALUES.has(key) ? value : within(key, value)]));
  const named = Array.isArray(required) ? (required as Json[]) : [];
  const all = [...new Set([...named, ...(isMap(rest['properties']) ? requiredIn(rest['properties']) : [])])];
  return all.length === 0 ? plain : { ...plain, required: all };
}

/** The properties that have to be there, of those that say so themselves. */
export function requiredIn(properties: JsonMap): readonly string[] {
  return Object.keys(properties).filter((name) => {
    const property = properties[name];
    return property !== undefined && isMap(property) && property['required'] === true;
  });
}

/** Keywords that hold values, and those whose keys are names and no keywords. */
const VALUES = new Set(['const', 'default', 'enum', 'example', 'examples']);
const NAMED = new Set(['properties', 'patternProperties', 'dependentSchemas', 'definitions', '$defs']);

function within(key: string, value: Json): Json {
  if (!NAMED.has(key) || !isMap(value)) return plainSchema(value);
  return Object.fromEntries(Object.entries(value).map(([name, schema]) => [name, plainSchema(schema)]));
}

export function isMap(value: Json | undefined): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
