import type { Json, JsonMap } from '@millrace/kernel';

const DEEPEST = 64;
const MOST_KEYS = 10_000;
const FORBIDDEN = '__proto__';

/** What is wrong with a payload; `path` leads to it as a JSON Pointer inside the payload. */
export interface PayloadProblem {
  readonly code: string;
  readonly path: string;
  readonly detail: string;
}

/** Reads a payload; undefined when it is not UTF-8 JSON of an object. */
export function readPayload(bytes: Uint8Array): JsonMap | undefined {
  try {
    const value = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)) as Json;
    return isMap(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** As `readPayload`, but an empty one where there is none. */
export function payloadOf(bytes: Uint8Array): JsonMap {
  return readPayload(bytes) ?? {};
}

/** The first thing about a payload's shape that no reader should have to bear: too deep, too many keys, a key that names a prototype. */
export function shapeProblem(payload: Json): PayloadProblem | undefined {
  let keys = 0;
  const walk = (value: Json, path: string, depth: number): PayloadProblem | undefined => {
    if (typeof value !== 'object' || value === null) return undefined;
    if (depth > DEEPEST) return tooDeep(path);
    for (const [key, item] of Object.entries(value)) {
      keys += 1;
      if (keys > MOST_KEYS) return tooManyKeys();
      const problem = key === FORBIDDEN ? forbiddenKey(path) : walk(item, `${path}/${escapeKey(key)}`, depth + 1);
      if (problem !== undefined) return problem;
    }
    return undefined;
  };
  return walk(payload, '', 1);
}

/** A key as JSON Pointers write it. */
export function escapeKey(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

export function isMap(value: Json): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function tooDeep(path: string): PayloadProblem {
  return { code: 'events.too_large', path, detail: `The payload is nested deeper than ${DEEPEST} levels. Flatten it.` };
}

function tooManyKeys(): PayloadProblem {
  return {
    code: 'events.too_large',
    path: '',
    detail: `The payload has more than ${MOST_KEYS} keys and items. Split it into several events.`,
  };
}

function forbiddenKey(path: string): PayloadProblem {
  return { code: 'events.key_forbidden', path: `${path}/${FORBIDDEN}`, detail: `No payload may have a key "${FORBIDDEN}". Rename it.` };
}
