import { randomBytes } from 'node:crypto';
import { DomainError } from '@millrace/kernel';
import type { Bucket } from '@millrace/messaging';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JSONWebKeySet, type JWK } from 'jose';
import type { Realm } from '../realm/realm';

const KEY = 'secrets';
export const SIGNING_ALGORITHM = 'ES256';

/** What only the issuer knows. Made at the first start and kept, so tokens and sign-ins outlive a restart. */
export interface IssuerSecrets {
  readonly signingKey: JWK;
  readonly cookieKey: string;
  /** By client, for the confidential clients of the realm. */
  readonly clientSecrets: Readonly<Record<string, string>>;
}

/** The secrets of this issuer; those of clients that the realm did not have before are added. */
export async function openSecrets(bucket: Bucket, realm: Realm): Promise<IssuerSecrets> {
  const entry = await bucket.get(KEY);
  const known = entry === undefined ? undefined : (JSON.parse(new TextDecoder().decode(entry.value)) as IssuerSecrets);
  const made = known ?? { signingKey: await newSigningKey(), cookieKey: newSecret(), clientSecrets: {} };
  const missing = confidential(realm).filter((clientId) => !Object.hasOwn(made.clientSecrets, clientId));
  if (known !== undefined && missing.length === 0) return known;
  const secrets = { ...made, clientSecrets: { ...made.clientSecrets, ...Object.fromEntries(missing.map((id) => [id, newSecret()])) } };
  try {
    await bucket.putIf(KEY, new TextEncoder().encode(JSON.stringify(secrets)), entry?.revision ?? 0);
    return secrets;
  } catch (error) {
    // Another process was first: what it made counts.
    if (error instanceof DomainError && error.refusal === 'conflict') return openSecrets(bucket, realm);
    throw error;
  }
}

/** The public half, as the issuer shows it. */
export function publicKeys({ signingKey }: IssuerSecrets): JSONWebKeySet {
  const { d: _, ...publicKey } = signingKey;
  return { keys: [publicKey] };
}

async function newSigningKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair(SIGNING_ALGORITHM, { extractable: true });
  const jwk = await exportJWK(privateKey);
  return { ...jwk, kid: await calculateJwkThumbprint(jwk), alg: SIGNING_ALGORITHM, use: 'sig' };
}

function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

function confidential(realm: Realm): readonly string[] {
  return realm.clients.filter(({ publicClient, bearerOnly }) => !publicClient && !bearerOnly).map(({ clientId }) => clientId);
}
