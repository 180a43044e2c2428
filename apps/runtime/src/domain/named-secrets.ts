import type { Json, JsonMap } from '@millrace/kernel';

const NAMED = /\bsecret\.([A-Z][A-Z0-9_]{0,63})(?![A-Za-z0-9_])/g;
/** A template over secrets that is more than the name of one. */
const UNREAD = /\{[{%][^}]*\bsecret\b/;
const WRITTEN = /\{\{\s*secret\.([A-Z][A-Z0-9_]{0,63})\s*\}\}/g;

/** The secrets that a template names, itself or through the configuration it may read; each once. */
export function secretNames(template: string, config: JsonMap): readonly string[] {
  const texts = /\bconfig\b/.test(template) ? [template, JSON.stringify(config)] : [template];
  return [...new Set(texts.flatMap((text) => [...text.matchAll(NAMED)].flatMap(([, name]) => name ?? [])))].sort();
}

/**
 * A configuration with the secrets that its texts name (`{{secret.NAME}}`) in their place. A text that names one which is not there, or names
 * it otherwise, is empty: as it is written it is known to whoever reads the configuration.
 */
export function withSecrets(config: JsonMap, secrets: Readonly<Record<string, string>>): JsonMap {
  return Object.fromEntries(Object.entries(config).map(([name, value]) => [name, filledIn(value, secrets)]));
}

function filledIn(value: Json, secrets: Readonly<Record<string, string>>): Json {
  if (typeof value === 'string') return filledText(value, secrets);
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => filledIn(item, secrets));
  return typeof value === 'object' && value !== null ? withSecrets(value as JsonMap, secrets) : value;
}

function filledText(text: string, secrets: Readonly<Record<string, string>>): string {
  const named = [...text.matchAll(WRITTEN)].map(([, name = '']) => name);
  const bare = text.replace(WRITTEN, '');
  if (named.some((name) => !Object.hasOwn(secrets, name)) || UNREAD.test(bare)) return '';
  return text.replace(WRITTEN, (_, name: string) => secrets[name] ?? '');
}
