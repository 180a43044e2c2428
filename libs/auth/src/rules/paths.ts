/** What of a JSON value is at these dot paths or below them, in its place; lists on the way keep their items. */
export function keepAt(value: unknown, paths: readonly string[]): unknown {
  if (paths.includes('')) return value;
  if (Array.isArray(value)) return value.map((item) => keepAt(item, paths));
  if (typeof value !== 'object' || value === null) return undefined;
  return mapped(value, (key, inner) => {
    const below = belowOf(paths, key);
    return below.length === 0 ? undefined : keepAt(inner, below);
  });
}

/** A JSON value without what is at these dot paths; in every item of a list on the way. */
export function removeAt(value: unknown, paths: readonly string[]): unknown {
  if (paths.length === 0) return value;
  if (Array.isArray(value)) return value.map((item) => removeAt(item, paths));
  if (typeof value !== 'object' || value === null) return value;
  return mapped(value, (key, inner) => {
    const below = belowOf(paths, key);
    return below.includes('') ? undefined : removeAt(inner, below);
  });
}

/** JSON Pointers to what a value has and what is left of it has not; of what is gone whole, one. */
export function lostIn(value: unknown, left: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return left === undefined ? [''] : [];
  const entries = Object.entries(value);
  if (left === undefined) return entries.length === 0 ? [] : [''];
  return entries.flatMap(([key, inner]) => lostIn(inner, (left as Record<string, unknown>)[key]).map((rest) => `/${escaped(key)}${rest}`));
}

function escaped(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** What is left of the paths that lead through a key; empty: the path ends there. */
function belowOf(paths: readonly string[], key: string): readonly string[] {
  return paths.flatMap((path) => (path === key ? [''] : path.startsWith(`${key}.`) ? [path.slice(key.length + 1)] : []));
}

/** A map with what a key's value becomes; undefined leaves the key out. */
function mapped(map: object, change: (key: string, value: unknown) => unknown): object {
  const entries = Object.keys(map).map((key) => [key, change(key, (map as Record<string, unknown>)[key])] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}
