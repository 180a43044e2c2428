import { readFile } from 'node:fs/promises';
import { DomainError } from '@millrace/kernel';
import { filled } from './placeholders';
import { RealmFile, type Realm } from './realm';

/** Reads a realm as Keycloak exports and imports it; `issuer.realm_invalid` names every place that is wrong. */
export async function readRealm(path: string, values: Readonly<Record<string, string>>): Promise<Realm> {
  const parsed = RealmFile.safeParse(filled(await parsedFile(path), values));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw realmInvalid(path, problems.join('; '));
}

async function parsedFile(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw realmInvalid(path, error instanceof Error ? error.message : String(error));
  }
}

function realmInvalid(path: string, problem: string): DomainError {
  return new DomainError(
    'issuer.realm_invalid',
    'invalid',
    `The realm file "${path}" cannot be used: ${problem}. Mend it, or point to another.`,
    {
      facts: { path },
    },
  );
}
