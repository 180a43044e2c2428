import type { CallContext } from '@millrace/messaging';
import type { Draft } from '../../domain/draft';
import type { Access } from '../access';
import { readsRoles, ROLES_PATH } from '../checking/reads-roles';
import type { Drafts } from '../drafts';
import type { FileStore } from '../ports/file-store';
import type { DraftTrees } from './draft-trees';
import type { Drift, FileTouch } from './drift';

export interface DraftView {
  readonly draft: Draft;
  readonly digest: string;
  readonly drift: readonly FileTouch[];
}

export interface ReadDraftParts {
  readonly access: Access;
  readonly drafts: Drafts;
  readonly trees: DraftTrees;
  readonly drift: Drift;
  readonly files: FileStore;
}

/** Shows a draft as a whole, and takes in texts for an apply. */
export class ReadDraft {
  constructor(private readonly parts: ReadDraftParts) {}

  async run(context: CallContext, name: string): Promise<DraftView> {
    const { access, drafts, drift, trees } = this.parts;
    const entered = await access.require(context, name, 'read', 'automations');
    const draft = await drafts.read(entered.workspace.id);
    const shown = readsRoles(entered) ? draft : withoutRoles(draft);
    return { draft: shown, digest: trees.digestOf(draft), drift: drift.since(draft, await drift.basis(draft)) };
  }

  /** Stores texts that an apply will name by their digests; answers those, in order. */
  async stage(context: CallContext, name: string, texts: readonly string[]): Promise<readonly string[]> {
    const { workspace } = await this.parts.access.require(context, name, 'manage', 'automations');
    const stored = await Promise.all(texts.map((text) => this.parts.files.put(workspace.id, text)));
    return stored.map(({ digest }) => digest);
  }
}

/** Whoever knows the digest of a text can have it under another path. */
function withoutRoles(draft: Draft): Draft {
  const { [ROLES_PATH]: _, ...files } = draft.files;
  return { ...draft, files };
}
