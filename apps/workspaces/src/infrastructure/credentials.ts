import { randomBytes } from 'node:crypto';
import { Credential, type CredentialKind } from '@millrace/auth';
import type { CollectionSpec } from '@millrace/documents';
import { CredentialMint, type Minted } from '../application/ports/credential-mint';
import type { ApiKey } from '../domain/credentials/key';
import type { PersonalToken } from '../domain/credentials/token';

/** 256 bits from the machine's own source of chance. */
export class RandomCredentialMint extends CredentialMint {
  override mint(kind: CredentialKind, id: string): Minted {
    const text = Credential.write(kind, id, randomBytes(32));
    const credential = Credential.read(text);
    if (credential === undefined) throw new Error(`"${id}" is no id that a credential can be made for.`);
    return { text, digest: credential.digest };
  }
}

export const KEYS: CollectionSpec<ApiKey> = {
  name: 'keys',
  id: ({ id }) => id,
  indexes: [
    { name: 'slot', of: ({ workspaceId, slot }) => `${workspaceId} ${slot}`, unique: true },
    { name: 'workspace', of: ({ workspaceId }) => workspaceId },
    { name: 'maker', of: ({ maker }) => `${maker.kind} ${maker.id}` },
  ],
};

export const TOKENS: CollectionSpec<PersonalToken> = {
  name: 'tokens',
  id: ({ id }) => id,
  indexes: [
    { name: 'slot', of: ({ user, slot }) => `${user} ${slot}`, unique: true },
    { name: 'user', of: ({ user }) => user },
  ],
};
