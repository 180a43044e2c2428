/** A map of values as JSON has them. */
export type DataMap = Readonly<Record<string, unknown>>;

/** Whether a value is a map. */
export function isMap(value: unknown): value is DataMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value as a person reads it: a text as it is, all else as JSON. */
export function valueText(value: unknown, indent?: number): string {
  return typeof value === 'string' ? value : JSON.stringify(value, undefined, indent);
}
