import { randomBytes } from 'node:crypto';
import type { Collection, CollectionSpec } from '@millrace/documents';
import { DomainError } from '@millrace/kernel';
import { ensure } from '../../application/ensure';
import { Vault } from '../../application/secrets/ports/vault';
import type { SecretPlace } from '../../domain/secrets/secret';
import type { MasterKeys } from './master-keys';
import { seal, unseal } from './seal';

/** The key that the values of one workspace are sealed with, itself sealed with a master key. */
export interface DataKey {
  readonly workspaceId: string;
  /** Id of the master key. */
  readonly master: string;
  readonly wrapped: string;
}

export const DATA_KEYS: CollectionSpec<DataKey> = { name: 'data-keys', id: ({ workspaceId }) => workspaceId, indexes: [] };

const BYTES = 32;
const CACHED = 1_000;

/** Values sealed with a key per workspace (AES-256-GCM), which is sealed with the master key. */
export class EnvelopeVault extends Vault {
  private readonly opened = new Map<string, Uint8Array>();

  constructor(
    private readonly keys: Collection<DataKey>,
    private readonly masters: MasterKeys,
  ) {
    super();
  }

  override async seal(place: SecretPlace, value: string): Promise<string> {
    const { workspaceId } = place;
    await ensure(this.keys, workspaceId, () => this.made(workspaceId));
    return seal(await this.keyOf(place), textOf(place), Buffer.from(value, 'utf8'));
  }

  override async open(place: SecretPlace, sealed: string): Promise<string> {
    const value = unseal(await this.keyOf(place), textOf(place), sealed);
    if (value === undefined) throw unreadable(place.name);
    return Buffer.from(value).toString('utf8');
  }

  private made(workspaceId: string): DataKey {
    const { id, bytes } = this.masters.current;
    return { workspaceId, master: id, wrapped: seal(bytes, wrapping(workspaceId), randomBytes(BYTES)) };
  }

  private async keyOf({ workspaceId, name }: SecretPlace): Promise<Uint8Array> {
    const known = this.opened.get(workspaceId);
    if (known !== undefined) return known;
    const { wrapped, master } = (await this.keys.get(workspaceId)).document;
    const masterKey = this.masters.find(master);
    const key = masterKey === undefined ? undefined : unseal(masterKey.bytes, wrapping(workspaceId), wrapped);
    if (key === undefined) throw unreadable(name);
    this.remember(workspaceId, key);
    return key;
  }

  private remember(workspaceId: string, key: Uint8Array): void {
    this.opened.set(workspaceId, key);
    const [oldest] = this.opened.keys();
    if (this.opened.size > CACHED && oldest !== undefined) this.opened.delete(oldest);
  }
}

function textOf({ workspaceId, name, version }: SecretPlace): string {
  return JSON.stringify(['secret', workspaceId, name, version]);
}

function wrapping(workspaceId: string): string {
  return JSON.stringify(['data key', workspaceId]);
}

/** Says nothing of why: whoever swaps what is sealed learns nothing. */
function unreadable(name: string): DomainError {
  return new DomainError(
    'workspaces.secret_unreadable',
    'unavailable',
    `The secret "${name}" cannot be opened with the master key of this installation. Give it the key it had, or set the secret again.`,
    { facts: { secret: name } },
  );
}
