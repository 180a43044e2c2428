import type { Json, JsonMap } from '@millrace/kernel';

/** Headers and parameters by which somebody proves who they are: they are not kept. */
const CONFIDENTIAL = /auth|cookie|token|secret|signature|api[-_]?key|password/i;

/** The headers or parameters that do not say who calls. */
export function withoutConfidential(headers: JsonMap): JsonMap {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !CONFIDENTIAL.test(name)));
}

/** The URL without the parameters that are keys. */
export function bareUrl(text: string): string {
  if (!URL.canParse(text)) return text;
  const url = new URL(text);
  const keys = [...url.searchParams.keys()].filter((name) => CONFIDENTIAL.test(name));
  for (const name of keys) url.searchParams.delete(name);
  return keys.length === 0 ? text : url.href;
}

/** The request of a fetch without what it proves itself by. */
export function withoutCredentials(request: Json): Json {
  if (!isMap(request)) return request;
  const { auth: _auth, prismeaiApiKey: _key, url, ...rest } = request;
  const parts = ['headers', 'query'].map((name) => [name, rest[name]] as const).filter(([, part]) => isMap(part));
  const bare = typeof url === 'string' ? { url: bareUrl(url) } : {};
  return { ...rest, ...bare, ...Object.fromEntries(parts.map(([name, part]) => [name, withoutConfidential(part as JsonMap)])) };
}

function isMap(value: Json | undefined): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
