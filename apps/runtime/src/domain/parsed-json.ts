import type { Json } from '@millrace/kernel';

/** How a text begins to write a key `__proto__`; escapes can only spell it as `\u…`. */
const MAY_HOLD_PROTO = /__proto__|\\u/;

/** JSON as a value, without keys named `__proto__`. Throws SyntaxError. */
export function parsedJson(source: string): Json {
  // Asking about each key costs ten times as much as reading them all.
  return (MAY_HOLD_PROTO.test(source) ? JSON.parse(source, withoutProto) : JSON.parse(source)) as Json;
}

function withoutProto(key: string, value: Json): Json | undefined {
  return key === '__proto__' ? undefined : value;
}
