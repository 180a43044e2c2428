import type { Json } from '@millrace/kernel';

const PLAIN = /^(?!(?:true|false|null)$)[A-Za-z_$][\w$.-]*$/i;

/** A value as YAML on one line: JSON, whose names stand without quotes where they can. */
export function flow(value: Json): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(flow).join(', ')}]`;
  const entries = Object.entries(value).map(([key, inner]) => `${PLAIN.test(key) ? key : JSON.stringify(key)}: ${flow(inner)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}
