import type { Json, JsonMap } from '@millrace/kernel';
import type { Secrets } from '@millrace/language';

/** Begins and ends what stands for a secret; a character for private use, so that texts hardly ever have it. */
const MARK = '\uE000';
const ESCAPED = `${MARK}.`;
const SEALED = new RegExp(`${MARK}(?:\\.|([^${MARK}/]*)/([^${MARK}]*)${MARK})`, 'g');
/** Shorter ones stand in any text by chance; nothing hides them anywhere. */
const SHORTEST = 4;

/** A value with references in the place of secrets, wherever they stand in its texts and keys; `unsealed` brings them back. */
export function sealed(value: Json, secrets: Secrets): Json {
  const names = namesOf(secrets);
  const words = [...names.keys()].sort((a, b) => b.length - a.length);
  const pattern = new RegExp([MARK, ...words.map((word) => word.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'))].join('|'), 'g');
  return eachText(value, (text) => text.replace(pattern, (word) => names.get(word) ?? ESCAPED));
}

/** A sealed value with the secrets as they are now; one that is gone is empty. */
export function unsealed(value: Json, secrets: Secrets): Json {
  return eachText(value, (text) =>
    text.replace(SEALED, (_, instance: string | undefined, name: string | undefined) =>
      instance === undefined || name === undefined ? MARK : (secrets[instance]?.[name] ?? ''),
    ),
  );
}

/** Whether there is anything to seal. */
export function hasSecrets(secrets: Secrets): boolean {
  return namesOf(secrets).size > 0;
}

/** By value, what stands for it. */
function namesOf(secrets: Secrets): ReadonlyMap<string, string> {
  const all = Object.entries(secrets).flatMap(([instance, values]) =>
    Object.entries(values).map(([name, value]) => [value, `${MARK}${instance}/${name}${MARK}`] as const),
  );
  return new Map(all.filter(([value]) => value.length >= SHORTEST));
}

function eachText(value: Json, change: (text: string) => string): Json {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => eachText(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value as JsonMap).map(([key, item]) => [change(key), eachText(item, change)]));
}
