import type { Collection } from '@millrace/documents';
import type { ServiceParts } from '@millrace/service';
import type { Provider } from '@nestjs/common';
import { Clock } from '@millrace/kernel';
import type { Access } from '../application/access';
import { ChangeKeys } from '../application/credentials/change-keys';
import { CreateKey } from '../application/credentials/create-key';
import { KeyRules } from '../application/credentials/key-rules';
import { KeyStore } from '../application/credentials/key-store';
import { ReadKeys } from '../application/credentials/read-keys';
import { ResolveCredential } from '../application/credentials/resolve-credential';
import { TidyCredentials } from '../application/credentials/tidy-credentials';
import { Tokens } from '../application/credentials/tokens';
import type { Facts } from '../application/facts';
import type { ApiKey } from '../domain/credentials/key';
import { KEYS, RandomCredentialMint, TOKENS } from '../infrastructure/credentials';
import { CredentialNews } from '../interface/events/credential-news';
import { CredentialsRpc } from '../interface/rpc/credentials.rpc';
import { KeysRpc } from '../interface/rpc/keys.rpc';
import { TokensRpc } from '../interface/rpc/tokens.rpc';

export const CREDENTIALS_RPC = [KeysRpc, TokensRpc, CredentialsRpc];

/** The keys of all workspaces: what a key may do is asked before anything else is. */
export interface OpenKeys {
  readonly keys: Collection<ApiKey>;
  readonly store: KeyStore;
  readonly rules: KeyRules;
}

export async function openKeys({ documents, clock }: ServiceParts): Promise<OpenKeys> {
  const keys = await documents.collection(KEYS);
  const store = new KeyStore(keys);
  return { keys, store, rules: new KeyRules(store, clock) };
}

/** The use cases of keys and tokens. */
export async function credentialsOf(
  { platform, documents, clock, ids }: ServiceParts,
  { keys, store }: OpenKeys,
  around: { readonly access: Access; readonly facts: Facts },
): Promise<readonly Provider[]> {
  const shared = { ...around, keys, store, tokens: await documents.collection(TOKENS), mint: new RandomCredentialMint(), clock, ids };
  const changeKeys = new ChangeKeys(shared);
  const tokens = new Tokens(shared);
  const tidy = new TidyCredentials(keys, changeKeys, tokens);
  return [
    { provide: ReadKeys, useValue: new ReadKeys(around.access, keys) },
    { provide: CreateKey, useValue: new CreateKey(shared) },
    { provide: ChangeKeys, useValue: changeKeys },
    { provide: Tokens, useValue: tokens },
    { provide: TidyCredentials, useValue: tidy },
    { provide: ResolveCredential, useValue: new ResolveCredential(shared) },
    { provide: CredentialNews, useValue: new CredentialNews(platform.eventLog, tidy, clock) },
    { provide: Clock, useValue: clock },
  ];
}
