import { DomainError } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { placeOf } from '../../domain/exchange/packed-apps';
import type { Tree } from '../../domain/releases';
import { demandDeed, type Entered } from '../access';
import type { Catalogue } from '../apps/catalogue';
import type { Mount, Mounts } from '../apps/mounts';
import { ROLES_PATH } from '../checking/reads-roles';

/** Files that stand together in an archive. */
export interface PackedPart {
  /** The folder of it, with the `/` at its end; empty: the root. */
  readonly place: string;
  /** Where the files are kept. */
  readonly store: string;
  readonly tree: Tree;
}

/** What of an app its caller may not have. */
interface Withheld {
  readonly app: string;
  readonly why: string;
}

/** Finds what an archive is to hold of the apps that a tree locks. */
export class PackApps {
  constructor(
    private readonly mounts: Pick<Mounts, 'of' | 'textsIn'>,
    private readonly catalogue: Pick<Catalogue, 'sees' | 'readsRoles'>,
  ) {}

  /**
   * Each version of an app once, after those that it needs. Takes the right to read apps here, and that each app is offered to the caller:
   * else all of them are refused, each named (`apps.withheld`).
   */
  async of(context: CallContext, entered: Entered, tree: Tree): Promise<readonly PackedPart[]> {
    demandDeed(entered, { action: 'read', subject: 'apps' });
    const { id } = entered.workspace;
    const mounts = await this.mounts.of(id, this.mounts.textsIn(id, tree));
    // What stands in an app comes after it there, and so before it here.
    const parts = new Map(mounts.toReversed().map((mount) => [placeIn(mount), mount]));
    const withheld: Withheld[] = [];
    for (const mount of parts.values()) withheld.push(...(await this.withheld(context, id, mount)));
    if (withheld.length > 0) throw appsWithheld(withheld);
    return Array.from(parts, ([place, { store, files }]) => ({ place, store, tree: files }));
  }

  private async withheld(context: CallContext, workspaceId: string, { app, version, files }: Mount): Promise<readonly Withheld[]> {
    const name = `${app.slug}@${version.number}`;
    if (!(await this.catalogue.sees(context, app, workspaceId))) return [{ app: name, why: 'is not offered to you' }];
    const isOpen = !files.some(({ path }) => path === ROLES_PATH) || (await this.catalogue.readsRoles(context, app));
    return isOpen ? [] : [{ app: name, why: `has a ${ROLES_PATH} that is not for you` }];
  }
}

function placeIn({ app: { slug }, version: { number } }: Mount): string {
  return placeOf({ slug, number });
}

function appsWithheld(withheld: readonly Withheld[]): DomainError {
  const said = withheld.map(({ app, why }) => `${app} ${why}`).join(', ');
  return new DomainError(
    'apps.withheld',
    'forbidden',
    `The archive would hold what you may not have: ${said}. Export without apps, or ask who publishes them.`,
    { facts: { apps: withheld.map(({ app }) => app) } },
  );
}
