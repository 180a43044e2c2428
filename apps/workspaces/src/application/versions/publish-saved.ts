import type { Collection } from '@millrace/documents';
import { DomainError, type Clock } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import type { Draft } from '../../domain/draft';
import { isHidden } from '../../domain/life';
import { unchangedVersion, type Releases } from '../../domain/releases';
import type { Workspace } from '../../domain/workspace';
import type { DraftTrees } from '../drafting/draft-trees';
import type { Drafts } from '../drafts';
import type { PublishVersion } from '../publish-version';

export interface PublishSavedParts {
  readonly workspaces: Pick<Collection<Workspace>, 'find'>;
  readonly releases: Pick<Collection<Releases>, 'find'>;
  readonly drafts: Pick<Drafts, 'read'>;
  readonly trees: Pick<DraftTrees, 'digestOf'>;
  readonly publish: Pick<PublishVersion, 'run'>;
  readonly clock: Clock;
}

/** Milliseconds without a change after which a draft is taken for saved. */
const QUIET = 500;

/** Publishes drafts by themselves, where their workspaces want that. */
export class PublishSaved {
  constructor(private readonly parts: PublishSavedParts) {}

  /**
   * Publishes the draft as whoever changed it last, unless it is a version already. Answers in how many milliseconds to ask again because
   * it was changed too lately; 0: there is nothing left to do. A draft that may not be published stays as it is. Throws what a repetition
   * mends; repeated, it publishes nothing more.
   */
  async run(context: CallContext, workspaceId: string): Promise<number> {
    const { workspaces, drafts, publish } = this.parts;
    const workspace = (await workspaces.find(workspaceId))?.document;
    if (workspace?.publishing !== 'on-save' || isHidden(workspace)) return 0;
    const draft = await drafts.read(workspaceId);
    if (draft.touched === undefined) return 0;
    const { by, at } = draft.touched;
    const rest = this.rest(at);
    if (rest > 0) return rest;
    if (await this.isVersion(draft)) return 0;
    await publish.run({ ...context, principal: by }, workspaceId, { message: 'Published on save.', activates: true }).catch(unlessItStays);
    return 0;
  }

  /** Bounded: the clock of the process that wrote the change may be ahead. */
  private rest(at: number): number {
    return Math.min(QUIET, at + QUIET - this.parts.clock.now());
  }

  /** The newest counts beside the one that runs: who went back to an older one wants that to run. */
  private async isVersion(draft: Draft): Promise<boolean> {
    const releases = (await this.parts.releases.find(draft.workspaceId))?.document;
    return releases !== undefined && unchangedVersion(releases, this.parts.trees.digestOf(draft)) !== undefined;
  }
}

/** Mistakes in it, or rights that its last writer lacks: the next change is tried again. */
function unlessItStays(error: unknown): void {
  if (!(error instanceof DomainError) || error.refusal === 'unavailable') throw error;
}
