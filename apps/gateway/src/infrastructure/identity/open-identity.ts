import { HttpKeySource, TokenVerifier, type KeySource } from '@millrace/auth';
import type { Clock } from '@millrace/kernel';
import type { Log } from '@millrace/observability';
import { EmbeddedIssuer, type EmbeddedIssuerOptions, type FirstSignIn } from '../issuer';

/** Who makes the tokens, and which of them count. */
export interface IdentitySettings {
  readonly identity: 'embedded' | 'external';
  /** `iss` of the tokens. */
  readonly issuerUrl: string;
  /** Where an external issuer keeps its keys. */
  readonly issuerKeysUrl: string;
  readonly clients: readonly string[];
  readonly realmFile: string;
  readonly development: boolean;
  readonly firstPassword?: string | undefined;
}

export type IdentityParts = Pick<EmbeddedIssuerOptions, 'keyValue' | 'documents' | 'clock' | 'ids'> & { readonly log: Log };

export interface OpenIdentity {
  readonly tokens: TokenVerifier;
  /** The provider in this process; absent when another one signs people in. */
  readonly issuer?: EmbeddedIssuer;
  readonly firstSignIn?: FirstSignIn;
}

const AUDIENCE = 'millrace-api';

/** Whoever makes the tokens, ready to make and to check them. */
export async function openIdentity(settings: IdentitySettings, parts: IdentityParts): Promise<OpenIdentity> {
  const { log, clock } = parts;
  if (settings.identity === 'external') return { tokens: verifier(settings, new HttpKeySource(settings.issuerKeysUrl), clock, log) };
  const issuer = await EmbeddedIssuer.create({
    ...parts,
    issuerUrl: settings.issuerUrl,
    realm: settings.realmFile,
    development: settings.development,
    password: settings.firstPassword,
    onFault: (error) => log.error('The embedded identity provider failed.', { error }),
  });
  const { firstSignIn, keys } = issuer;
  return { tokens: verifier(settings, keys, clock, log), issuer, ...(firstSignIn === undefined ? {} : { firstSignIn }) };
}

function verifier({ issuerUrl: issuer, clients }: IdentitySettings, keys: KeySource, clock: Clock, log: Log): TokenVerifier {
  const onKeysFailure = (error: unknown): void => log.warn('The identity provider does not give its keys.', { error });
  return new TokenVerifier({ issuer, audience: AUDIENCE, clients, keys, clock, onKeysFailure });
}
