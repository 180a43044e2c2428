import { HttpKeySource, TokenVerifier, type KeySource } from '@millrace/auth';
import type { Accounts } from '../../application/ports/accounts';
import type { IdentityProvider } from '../../application/ports/identity-provider';
import type { Seal } from '../../application/ports/seal';
import type { SessionStore } from '../../application/ports/session-store';
import type { Tokens } from '../../application/ports/tokens';
import type { Visitors } from '../../application/ports/visitors';
import type { Log } from '@millrace/observability';
import { EmbeddedIssuer, type EmbeddedIssuerOptions, type FirstSignIn } from '../issuer';
import { AesSeal } from '../sealing/aes-seal';
import { KeyValueSessions } from '../sessions/key-value-sessions';
import { AllTokens } from './all-tokens';
import { AnonymousTokens } from './anonymous-tokens';
import { EmbeddedAccounts } from './embedded-accounts';
import { insideFetch } from './inside-fetch';
import { reachedAt } from './reached-at';
import { KeycloakAccounts } from './keycloak-accounts';
import { CONSOLE, OpenIdProvider } from './openid-provider';

/** Who makes the tokens, and which of them count. */
export interface IdentitySettings {
  readonly identity: 'embedded' | 'external';
  /** How the world reaches the gateway. */
  readonly publicUrl: string;
  /** `iss` of the tokens. */
  readonly issuerUrl: string;
  /** Where an external issuer keeps its keys. */
  readonly issuerKeysUrl: string;
  readonly clients: readonly string[];
  /** Claims that rules and roles may speak of. */
  readonly claims: readonly string[];
  readonly realmFile: string;
  readonly development: boolean;
  readonly firstPassword?: string | undefined;
  /** The secrets of the gateway's clients at an external issuer. */
  readonly consoleSecret?: string | undefined;
  readonly gatewaySecret?: string | undefined;
}

export type IdentityParts = Pick<EmbeddedIssuerOptions, 'keyValue' | 'documents' | 'clock' | 'ids'> & { readonly log: Log };

export interface OpenIdentity {
  readonly tokens: Tokens;
  readonly provider: IdentityProvider;
  readonly accounts: Accounts;
  readonly visitors: Visitors;
  readonly sessions: SessionStore;
  readonly seal: Seal;
  /** The provider in this process; absent when another one signs people in. */
  readonly issuer?: EmbeddedIssuer;
  readonly firstSignIn?: FirstSignIn;
}

type Issuing = Pick<OpenIdentity, 'provider' | 'accounts' | 'issuer' | 'firstSignIn'> & { readonly keys: KeySource };

const AUDIENCE = 'millrace-api';

/** Whoever makes the tokens, ready to make and to check them, and what the gateway keeps of those who came by it. */
export async function openIdentity(settings: IdentitySettings, parts: IdentityParts): Promise<OpenIdentity> {
  const { keyValue, clock, ids } = parts;
  const bucket = await keyValue.bucket('sessions');
  const seal = await AesSeal.open(bucket);
  const visitors = await AnonymousTokens.open(bucket, { issuer: settings.publicUrl, clock, ids });
  const { keys, ...issuing } = settings.identity === 'external' ? externalIssuer(settings, parts) : await embeddedIssuer(settings, parts);
  const tokens = new AllTokens(new TokenVerifier({ ...expected(settings, parts), audience: AUDIENCE, keys }), visitors);
  return { ...issuing, tokens, visitors, seal, sessions: new KeyValueSessions(bucket, seal, clock) };
}

function externalIssuer(settings: IdentitySettings, parts: IdentityParts): Issuing {
  const { issuerUrl: issuer, issuerKeysUrl, consoleSecret: secret, gatewaySecret } = settings;
  const keys = new HttpKeySource(issuerKeysUrl);
  const fetch = reachedAt(new URL(issuerKeysUrl).origin, issuer);
  const provider = new OpenIdProvider({ ...expected(settings, parts), keys, secret, fetch, callbackUrl: callbackOf(settings) });
  return { keys, provider, accounts: new KeycloakAccounts({ issuer, secret: gatewaySecret, fetch }) };
}

async function embeddedIssuer(settings: IdentitySettings, parts: IdentityParts): Promise<Issuing> {
  const { log } = parts;
  const issuer = await EmbeddedIssuer.create({
    ...parts,
    issuerUrl: settings.issuerUrl,
    realm: settings.realmFile,
    development: settings.development,
    password: settings.firstPassword,
    onFault: (error) => log.error('The embedded identity provider failed.', { error }),
  });
  const { firstSignIn, keys } = issuer;
  const inside = { secret: issuer.clientSecret(CONSOLE), fetch: insideFetch((request, response) => issuer.handle(request, response)) };
  const provider = new OpenIdProvider({ ...expected(settings, parts), keys, ...inside, callbackUrl: callbackOf(settings) });
  return { keys, provider, accounts: new EmbeddedAccounts(issuer), issuer, ...(firstSignIn && { firstSignIn }) };
}

function expected({ issuerUrl: issuer, clients, claims: passedOn }: IdentitySettings, { clock, log }: IdentityParts) {
  const onKeysFailure = (error: unknown): void => log.warn('The identity provider does not give its keys.', { error });
  return { issuer, clients, passedOn, clock, onKeysFailure };
}

function callbackOf({ publicUrl }: IdentitySettings): string {
  return `${publicUrl}/v1/auth/callback`;
}
