import type { InstanceReading } from '../read/read-workspace';
import { secretsNamedIn } from '../step/world/config-secrets';
import { valueAt } from '../values/write';
import type { ReadAutomation } from '../read/read';

const READ = /\bsecret\s*(?:\.\s*|\[\s*['"])([A-Z][A-Z0-9_]{0,63})\b/g;
const WRITTEN = /\$secret:([A-Z][A-Z0-9_]{0,63})\b/g;

/** Names of the secrets that an instance is given: of those its automations name the ones it may use, and those its configuration names. */
export function secretsOf({ automations, document, permissions }: InstanceReading): readonly string[] {
  const permitted = permissions?.secrets;
  const isPermitted = (name: string): boolean => permitted === undefined || permitted.includes('*') || permitted.includes(name);
  return [...namedSecrets(automations).filter(isPermitted), ...secretsNamedIn(valueAt(document, ['config', 'value']))];
}

/** Names of secrets in these documents: each that stands in one, be it in a comment. */
function namedSecrets(documents: readonly ReadAutomation[]): readonly string[] {
  const texts = documents.map(({ tree }) => tree.file.text);
  const found = texts.flatMap((text) => [READ, WRITTEN].flatMap((pattern) => Array.from(text.matchAll(pattern), ([, name = '']) => name)));
  return [...new Set(found)].sort();
}
