// Says in words what a setting takes, and what holds where nobody sets it.
import { z } from 'zod';

/**
 * What is asked here of a JSON Schema.
 * @typedef {object} Shape
 * @property {string} [type]
 * @property {string} [format]
 * @property {string} [pattern]
 * @property {unknown} [const]
 * @property {readonly unknown[]} [enum]
 * @property {unknown} [default]
 * @property {number} [minimum]
 * @property {number} [maximum]
 * @property {number} [minLength]
 */

const KIB = 1024;
const MIB = KIB * KIB;

/**
 * What may be written into the variable.
 * @param {z.ZodType} schema
 * @returns {string}
 */
export function takes(schema) {
  const input = shapeOf(schema, 'input');
  const values = input.enum ?? (input.const === undefined ? [] : [input.const]);
  if (values.length > 0) return values.map(code).join(', ');
  if (shapeOf(schema, 'output').type === 'boolean') return '`true` or `false`';
  if (input.type === 'integer') return `whole number${rangeOf(input)}`;
  if (input.type === 'number') return `number${rangeOf(input)}`;
  if (input.type === 'string') return textOf(input);
  throw new Error(`tools/generate/settings/words.mjs has no words for a setting like ${JSON.stringify(input)}. Teach it some.`);
}

/**
 * What holds where nobody sets it, as it would be written; undefined: nothing does.
 * @param {z.ZodType} schema
 * @returns {string | undefined}
 */
export function usual(schema) {
  if (shapeOf(schema, 'input').default === undefined && shapeOf(schema, 'output').default === undefined) return undefined;
  const value = schema.parse(undefined);
  const text = Array.isArray(value) ? value.join(',') : String(value);
  if (text === '') return undefined;
  return typeof value === 'number' ? amount(value) : code(text);
}

/** Whether a process does not start without it. @param {z.ZodType} schema */
export function isRequired(schema) {
  return !schema.safeParse(undefined).success;
}

/**
 * @param {z.ZodType} schema
 * @param {'input' | 'output'} io
 */
function shapeOf(schema, io) {
  return /** @type {Shape} */ (z.toJSONSchema(schema, { io, unrepresentable: 'any' }));
}

/** @param {Shape} shape */
function textOf({ format, pattern, minLength }) {
  if (format === 'uri') return 'URI';
  if (pattern !== undefined) return `text like ${code(pattern)}`;
  return minLength === undefined ? 'text' : `text of ${minLength} characters or more`;
}

/** @param {Shape} shape */
function rangeOf({ minimum = Number.MIN_SAFE_INTEGER, maximum = Number.MAX_SAFE_INTEGER }) {
  const least = minimum > Number.MIN_SAFE_INTEGER ? [`${amount(minimum)} or more`] : [];
  if (maximum === Number.MAX_SAFE_INTEGER) return least.map((words) => `, ${words}`).join('');
  return minimum > Number.MIN_SAFE_INTEGER ? `, ${amount(minimum)} to ${amount(maximum)}` : `, ${amount(maximum)} or less`;
}

/** A number as it is written, and in round units where it has some. @param {number} value */
function amount(value) {
  if (value > 0 && value % MIB === 0) return `${code(value)} (${value / MIB} MiB)`;
  return value > 0 && value < MIB && value % KIB === 0 ? `${code(value)} (${value / KIB} KiB)` : code(value);
}

/** @param {unknown} value */
function code(value) {
  return `\`${String(value)}\``;
}
