import { readFile } from 'node:fs/promises';
import { DomainError } from '@millrace/kernel';
import { filled } from './placeholders';
import { RealmFile, type Realm } from './realm';

/**
 * Reads a realm as Keycloak exports and imports it, for an issuer at this address; `issuer.realm_invalid` names every place that is wrong.
 * The placeholder `MILLRACE_PUBLIC_URL` is the issuer's own origin.
 */
export async function readRealm(path: string, issuerUrl: string): Promise<Realm> {
  const { origin, pathname } = new URL(issuerUrl);
  const parsed = RealmFile.safeParse(filled(await parsedFile(path), { MILLRACE_PUBLIC_URL: origin }));
  if (!parsed.success) throw realmInvalid(path, parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '));
  const { realm } = parsed.data;
  if (pathname !== `/realms/${realm}`) throw realmInvalid(path, `it is the realm "${realm}", and the issuer is at ${issuerUrl}`);
  return parsed.data;
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
