import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { Credential } from '@millrace/auth';
import type { KeySchema, TokenSchema } from '@millrace/contracts';
import type { ShownKey } from '../../application/credentials/create-key';
import type { ShownToken } from '../../application/credentials/tokens';
import { ruleMessage } from './rights/rights-messages';

type Stored = ShownKey['stored'];

/** A key as callers see it: never a secret, nor its digest. */
export function keyMessage({ document, revision }: Stored, now: number): MessageInitShape<typeof KeySchema> {
  const { id, name, rights, addresses, maker, createdAt, expiresAt, rotatedAt, secrets, lastUsedOn = '' } = document;
  const overlapEndsAt = secrets[1]?.endsAt;
  return {
    ...{ id, name, addresses: [...addresses], prefix: Credential.prefixOf('key', id), lastUsedOn, etag: String(revision) },
    ...{ makerKind: maker.kind, makerId: maker.id },
    ...('role' in rights ? { role: rights.role } : { rules: rights.rules.map(ruleMessage) }),
    createdAt: timestampFromMs(createdAt),
    expiresAt: timestampFromMs(expiresAt),
    ...(rotatedAt === undefined ? {} : { rotatedAt: timestampFromMs(rotatedAt) }),
    ...(overlapEndsAt === undefined || overlapEndsAt <= now ? {} : { overlapEndsAt: timestampFromMs(overlapEndsAt) }),
  };
}

/** A token as its person sees it. */
export function tokenMessage(token: ShownToken['token']): MessageInitShape<typeof TokenSchema> {
  const { id, name, scopes, workspaces, createdAt, expiresAt, lastUsedOn = '' } = token;
  return {
    ...{ id, name, scopes: [...scopes], workspaces: [...workspaces], prefix: Credential.prefixOf('token', id), lastUsedOn },
    createdAt: timestampFromMs(createdAt),
    expiresAt: timestampFromMs(expiresAt),
  };
}
