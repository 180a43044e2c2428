import type { Collection } from '@millrace/documents';
import { DomainError, type Clock } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { expectationOf, type Conditions } from '../../domain/draft';
import {
  freeName,
  LONGEST_VALUE,
  MOST_SECRETS,
  secretChanged,
  secretGuarded,
  secretId,
  secretMissing,
  secretTooLarge,
  tooManySecrets,
  type Secret,
} from '../../domain/secrets/secret';
import type { Access } from '../access';
import type { Facts } from '../facts';
import { isTaken } from '../is-taken';
import { unlessGone } from '../unless-gone';
import type { Vault } from './ports/vault';

export interface SetSecretParts {
  readonly secrets: Collection<Secret>;
  readonly access: Access;
  readonly vault: Vault;
  readonly facts: Facts;
  readonly clock: Clock;
}

export interface SecretSaid {
  readonly name: string;
  readonly value: string;
  /** Undefined: as it was. */
  readonly description: string | undefined;
}

const encoder = new TextEncoder();

/** Sets secrets and deletes them. Nothing here reads a value. */
export class SetSecret {
  constructor(private readonly parts: SetSecretParts) {}

  async run(context: CallContext, workspace: string, said: SecretSaid, conditions: Conditions): Promise<Secret> {
    const { access, secrets } = this.parts;
    if (encoder.encode(said.value).length > LONGEST_VALUE) throw secretTooLarge();
    const { workspaceId, id, name } = await this.enter(access.require(context, workspace, 'update', 'secrets'), freeName(said.name));
    const before = await secrets.find(id);
    demand(name, before?.document, conditions);
    if (before === undefined && (await this.count(workspaceId)) >= MOST_SECRETS) throw tooManySecrets();
    const secret = await this.sealed(context, { workspaceId, name, version: (before?.document.version ?? 0) + 1 }, said, before?.document);
    const events = [this.fact(context, 'set', secret)];
    if (before === undefined) await secrets.insert(secret, events).catch(this.lost(name));
    else await secrets.update(id, () => ({ document: secret, events }), before.revision).catch(this.lost(name));
    return secret;
  }

  async delete(context: CallContext, workspace: string, named: string, conditions: Conditions): Promise<void> {
    const { access, secrets } = this.parts;
    const { id, name } = await this.enter(access.require(context, workspace, 'delete', 'secrets'), named);
    if ((await secrets.find(id)) === undefined) throw secretMissing(name);
    const deleted = (secret: Secret) => {
      demand(name, secret, conditions);
      return { document: null, events: [this.fact(context, 'deleted', secret)] };
    };
    await secrets.update(id, deleted).catch(unlessGone);
  }

  private async enter(entering: ReturnType<Access['require']>, name: string) {
    const { workspace } = await entering;
    return { workspaceId: workspace.id, name, id: secretId({ workspaceId: workspace.id, name }) };
  }

  private async sealed(
    { principal }: CallContext,
    place: Pick<Secret, 'workspaceId' | 'name' | 'version'>,
    { value, description }: SecretSaid,
    before: Secret | undefined,
  ): Promise<Secret> {
    const { vault, clock } = this.parts;
    const sealed = await vault.seal(place, value);
    return { ...place, sealed, description: description ?? before?.description ?? '', setBy: principal.id, setAt: clock.now() };
  }

  private fact(context: CallContext, what: 'set' | 'deleted', { workspaceId, name, version }: Secret) {
    const payload = { name, version };
    return this.parts.facts.of(context, { workspaceId, type: `workspaces.secrets.${what}`, payload, subject: `secret/${name}` });
  }

  private lost(name: string) {
    return async (error: unknown): Promise<never> => {
      if (isTaken(error) || isMismatch(error)) throw secretChanged(name, undefined);
      throw error;
    };
  }

  private async count(workspaceId: string): Promise<number> {
    let count = 0;
    for await (const _ of this.parts.secrets.each({ where: { workspace: workspaceId } })) count += 1;
    return count;
  }
}

function demand(name: string, secret: Secret | undefined, conditions: Conditions): void {
  const expectation = expectationOf(conditions);
  switch (expectation.kind) {
    case 'any':
      if (secret === undefined) throw secretChanged(name, secret);
      return;
    case 'absent':
      if (secret !== undefined) throw secretChanged(name, secret);
      return;
    case 'revision':
      if (secret?.version !== expectation.revision) throw secretChanged(name, secret);
      return;
    case 'none':
      if (secret !== undefined) throw secretGuarded(name);
  }
}

function isMismatch(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'documents.revision_mismatch';
}
