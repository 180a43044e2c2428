import type { Collection } from '@millrace/documents';
import type { AskedPage, Clock, Page } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { secretId, secretMissing, used, type Secret } from '../../domain/secrets/secret';
import { workspaceMissing } from '../../domain/workspace';
import { isAsset } from '../../domain/tree/assets';
import type { Access } from '../access';
import type { Drafts } from '../drafts';
import type { FileStore } from '../ports/file-store';
import type { Vault } from './ports/vault';

export interface ReadSecretsParts {
  readonly secrets: Collection<Secret>;
  readonly access: Access;
  readonly drafts: Drafts;
  readonly files: FileStore;
  readonly vault: Vault;
  readonly clock: Clock;
}

/** What may be told of a secret: everything but its value. */
export type SecretView = Omit<Secret, 'sealed'>;

/** A line of the draft that names a secret. */
export interface SecretUsage {
  readonly file: string;
  /** Counts from 1. */
  readonly line: number;
}

/** Tells which secrets there are and where they are used; values go to services only. */
export class ReadSecrets {
  constructor(private readonly parts: ReadSecretsParts) {}

  /** By name. */
  async list(context: CallContext, name: string, { limit, cursor }: AskedPage): Promise<Page<SecretView>> {
    const { workspace } = await this.parts.access.require(context, name, 'read', 'secrets');
    const query = { where: { workspace: workspace.id }, limit, ...(cursor === '' ? {} : { cursor }) };
    const page = await this.parts.secrets.page(query);
    return { ...page, items: page.items.map(({ document: { sealed: _, ...view } }) => view) };
  }

  /** Where the draft names a secret. */
  async usages(context: CallContext, name: string, secret: string): Promise<readonly SecretUsage[]> {
    const { access, secrets, drafts, files } = this.parts;
    const { workspace } = await access.require(context, name, 'read', 'secrets');
    if ((await secrets.find(secretId({ workspaceId: workspace.id, name: secret }))) === undefined) throw secretMissing(secret);
    const named = new RegExp(String.raw`(?:\bsecret\.|\$secret:)${secret}(?![A-Z0-9_])`);
    const found: SecretUsage[] = [];
    for (const [file, { digest }] of Object.entries((await drafts.read(workspace.id)).files)) {
      if (isAsset(file)) continue;
      const lines = (await files.get(workspace.id, digest)).split('\n');
      found.push(...lines.flatMap((line, index) => (named.test(line) ? [{ file, line: index + 1 }] : [])));
    }
    return found;
  }

  /** The values of those that are there, for services; notes that they were used. */
  async resolve(context: CallContext, workspaceId: string, names: readonly string[]): Promise<Readonly<Record<string, string>>> {
    const { secrets, vault, clock } = this.parts;
    if (context.principal.kind !== 'service') throw workspaceMissing(workspaceId);
    const values: Record<string, string> = {};
    for (const name of names) {
      const id = secretId({ workspaceId, name });
      const stored = await secrets.find(id);
      if (stored === undefined) continue;
      values[name] = await vault.open(stored.document, stored.document.sealed);
      const noted = used(stored.document, clock.now());
      // Who uses it must not wait for the note, nor fail with it.
      if (noted !== stored.document)
        void secrets.update(id, (secret) => ({ document: used(secret, clock.now()), events: [] })).catch(() => undefined);
    }
    return values;
  }
}
