import type { ReadAutomation } from '../read/read';

const READ = /\bsecret\s*(?:\.\s*|\[\s*['"])([A-Z][A-Z0-9_]{0,63})\b/g;
const WRITTEN = /\$secret:([A-Z][A-Z0-9_]{0,63})\b/g;

/** Names of the secrets that these documents may read: each that stands in one, be it in a comment. */
export function namedSecrets(documents: readonly ReadAutomation[]): readonly string[] {
  const texts = documents.map(({ tree }) => tree.file.text);
  const found = texts.flatMap((text) => [READ, WRITTEN].flatMap((pattern) => Array.from(text.matchAll(pattern), ([, name = '']) => name)));
  return [...new Set(found)].sort();
}
