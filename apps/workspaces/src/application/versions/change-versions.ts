import type { Collection } from '@millrace/documents';
import type { Clock } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import type { Conditions } from '../../domain/draft';
import {
  activate,
  getVersion,
  nameVersion,
  noReleases,
  removeVersion,
  revisedOf,
  type Releases,
  type Version,
} from '../../domain/releases';
import type { Access } from '../access';
import type { Announce } from '../announce';
import { answering, ensure } from '../ensure';
import { knownOnly } from '../expected-revision';
import type { Facts } from '../facts';
import { activatedFact } from './activated-fact';
import type { VersionName } from './version-trees';

export interface ChangeVersionsParts {
  readonly releases: Collection<Releases>;
  readonly access: Access;
  readonly announce: Announce;
  readonly facts: Facts;
  readonly clock: Clock;
}

/** Says which version runs, names versions, and deletes them. The trees of versions never change. */
export class ChangeVersions {
  constructor(private readonly parts: ChangeVersionsParts) {}

  /** Makes it the one that runs, whatever the number of versions and files. One that runs already is answered as it is. */
  async activate(context: CallContext, name: VersionName): Promise<Version> {
    const { access, announce, facts } = this.parts;
    const { workspace } = await access.require(context, name.workspace, 'activate', 'versions');
    const version = await this.change(workspace.id, name.version, (before, version, revision) => {
      const document = activate(before, version);
      const fact = activatedFact(workspace.id, before, document, revision + 1);
      return { document, events: fact === undefined ? [] : [facts.of(context, fact)], result: version };
    });
    await announce.workspace(workspace.id);
    return version;
  }

  /** An empty name takes the one it has away. */
  async name(context: CallContext, name: VersionName, wanted: string, conditions: Conditions): Promise<Version> {
    const { workspace } = await this.parts.access.require(context, name.workspace, 'publish', 'versions');
    const demand = knownOnly(conditions);
    return this.change(workspace.id, name.version, (before, version) => {
      demand(`Version ${version.number}`, revisedOf(version));
      const document = nameVersion(before, version, wanted, { by: context.principal.id, at: this.parts.clock.now() });
      return { document, events: [], result: getVersion(document, version.id) };
    });
  }

  async delete(context: CallContext, name: VersionName, conditions: Conditions): Promise<void> {
    const { access, facts } = this.parts;
    const { workspace } = await access.require(context, name.workspace, 'delete', 'versions');
    const demand = knownOnly(conditions);
    await this.change(workspace.id, name.version, (before, version, revision) => {
      demand(`Version ${version.number}`, revisedOf(version));
      const { id, number, digest } = version;
      const fact = {
        workspaceId: workspace.id,
        type: 'workspaces.versions.deleted',
        payload: { version: id, number, digest },
        subject: `version/${id}`,
        revision: revision + 1,
      };
      return { document: removeVersion(before, version), events: [facts.of(context, fact)], result: version };
    });
  }

  private async change(
    workspaceId: string,
    name: string,
    change: (before: Releases, version: Version, revision: number) => ReturnType<Parameters<typeof answering<Releases, Version>>[2]>,
  ): Promise<Version> {
    await ensure(this.parts.releases, workspaceId, () => noReleases(workspaceId));
    return answering(this.parts.releases, workspaceId, (document, revision) => change(document, getVersion(document, name), revision));
  }
}
