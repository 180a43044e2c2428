// Writes JSON Schemas of the API document as TypeScript types.

/** @typedef {import('../../verify/api/schemas.mjs').Schema & { description?: string, contentEncoding?: string }} Schema */

/** @param {Schema} schema @returns {string} */
export function typeOf(schema) {
  if (schema.$ref !== undefined) return nameOf(schema.$ref);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  switch (schema.type) {
    case 'string':
      return 'string';
    case 'integer':
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'array':
      return `readonly (${typeOf(schema.items ?? {})})[]`;
    case 'object':
      return objectType(schema);
    default:
      return 'Json';
  }
}

/** @param {string} text */
export const comment = (text) => (text === '' ? '' : `/** ${text.replaceAll('*/', '*\\/')} */\n`);

/** @param {string} reference */
export const nameOf = (reference) => reference.split('/').at(-1) ?? '';

/** @param {Schema} schema */
function objectType({ properties, additionalProperties, required = [] }) {
  if (properties === undefined)
    return typeof additionalProperties === 'object' ? `Readonly<Record<string, ${typeOf(additionalProperties)}>>` : 'JsonMap';
  return `{ ${members(properties, required)} }`;
}

/** @param {Record<string, Schema>} properties @param {readonly string[]} required */
export const members = (properties, required) =>
  Object.entries(properties)
    .map(
      ([name, schema]) =>
        `${comment(schema.description ?? '')}readonly ${key(name)}${required.includes(name) ? '' : '?'}: ${typeOf(schema)};`,
    )
    .join('\n');

/** @param {string} name */
const key = (name) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name));
