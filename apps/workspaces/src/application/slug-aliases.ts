import type { Collection } from '@millrace/documents';
import type { Clock } from '@millrace/kernel';
import { aliasOf, answers, type SlugAlias } from '../domain/slug-alias';
import { slugTaken, type Workspace } from '../domain/workspace';
import { isTaken } from './is-taken';

/** So many former slugs of one workspace are told of. */
const MOST = 50;

/** Former slugs of workspaces: links and clients that know one still find their way. */
export class SlugAliases {
  constructor(
    private readonly aliases: Collection<SlugAlias>,
    private readonly clock: Clock,
  ) {}

  /** Id of the workspace that had the slug and answers to it still. */
  async find(slug: string): Promise<string | undefined> {
    const alias = (await this.aliases.find(slug))?.document;
    return alias !== undefined && answers(alias, this.clock.now()) ? alias.workspaceId : undefined;
  }

  /** Slugs that the workspace had and answers to still, apart from the one it has now. */
  async of({ id, slug: current }: Workspace): Promise<readonly SlugAlias[]> {
    const { items } = await this.aliases.page({ where: { workspace: id }, limit: MOST });
    return items.map(({ document }) => document).filter((alias) => alias.slug !== current && answers(alias, this.clock.now()));
  }

  /** Refuses a slug that another workspace answers to still: whoever follows an old link must not end up elsewhere. */
  async demandFree(slug: string, workspaceId?: string): Promise<void> {
    const holder = await this.find(slug);
    if (holder !== undefined && holder !== workspaceId) throw slugTaken(slug);
  }

  /** Written before the workspace takes its new slug; should it not come to that, the alias stands for the workspace that has the slug. */
  async keep(workspace: Workspace): Promise<void> {
    const alias = aliasOf(workspace, this.clock.now());
    await this.aliases.insert(alias).catch(async (error: unknown) => {
      if (!isTaken(error)) throw error;
      await this.aliases.update(alias.slug, () => ({ document: alias, events: [] }));
    });
  }
}
