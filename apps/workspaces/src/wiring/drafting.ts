import { StagedBlobs } from '@millrace/blobs';
import type { Collection } from '@millrace/documents';
import type { ServiceParts } from '@millrace/service';
import type { Provider } from '@nestjs/common';
import type { Access } from '../application/access';
import type { CheckWorkspace } from '../application/checking/check-workspace';
import { NameUses } from '../application/automations/name-uses';
import { UpdateAutomation } from '../application/automations/update-automation';
import { ConfigureWorkspace, type ConfigEnvironment } from '../application/configuring/configure-workspace';
import { WriteConfig } from '../application/configuring/write-config';
import type { WrittenConfigs } from '../application/configuring/written-configs';
import { ApplyDraft } from '../application/drafting/apply-draft';
import { DiscardDraft } from '../application/drafting/discard-draft';
import { DraftFacts } from '../application/drafting/draft-facts';
import { DraftTrees } from '../application/drafting/draft-trees';
import { Drift } from '../application/drafting/drift';
import { MissingSecrets } from '../application/drafting/missing-secrets';
import { DraftAssets } from '../application/drafting/draft-assets';
import { ReadDraft } from '../application/drafting/read-draft';
import { WantedTrees } from '../application/drafting/wanted-files';
import type { Drafts } from '../application/drafts';
import type { Facts } from '../application/facts';
import type { Checker } from '../application/ports/checker';
import type { FileStore } from '../application/ports/file-store';
import type { Releases } from '../domain/releases';
import { YamlDocumentEdits } from '../infrastructure/editing/yaml-document-edits';
import { SECRETS } from '../infrastructure/file-collections';
import { YamlAppDocuments } from '../infrastructure/yaml-app-documents';
import { AssetsRpc } from '../interface/rpc/drafting/assets.rpc';
import { ConfigRpc } from '../interface/rpc/drafting/config.rpc';

export const DRAFTING_RPC = [ConfigRpc, AssetsRpc];

/** What changing a draft as a whole stands on, besides the parts of the service. */
export interface DraftingParts {
  readonly access: Access;
  readonly drafts: Drafts;
  readonly releases: Collection<Releases>;
  readonly files: FileStore;
  readonly checker: Checker;
  readonly check: CheckWorkspace;
  readonly facts: Facts;
  readonly configs: WrittenConfigs;
  readonly environment: ConfigEnvironment;
}

/** The use cases of the draft as a whole, and those that change several of its files at once. */
export async function draftingOf({ platform, documents, clock, ids }: ServiceParts, around: DraftingParts): Promise<readonly Provider[]> {
  const { files, checker } = around;
  const staged = new StagedBlobs(platform.blobs, clock, ids);
  const trees = new DraftTrees(files);
  const shared = {
    ...around,
    trees,
    clock,
    drift: new Drift(trees),
    wanted: new WantedTrees(files),
    facts: new DraftFacts(around.facts, checker),
  };
  const edits = new YamlDocumentEdits();
  const uses = new NameUses({ ...around, edits });
  const configuring = { ...shared, edits, facts: around.facts, documents: new YamlAppDocuments() };
  const secrets = new MissingSecrets(await documents.collection(SECRETS));
  return [
    { provide: DraftAssets, useValue: new DraftAssets({ ...around, staged }) },
    { provide: ReadDraft, useValue: new ReadDraft(shared) },
    { provide: ApplyDraft, useValue: new ApplyDraft({ ...shared, secrets }) },
    { provide: NameUses, useValue: uses },
    {
      provide: UpdateAutomation,
      useValue: new UpdateAutomation({ ...shared, edits, uses, facts: around.facts, draftFacts: shared.facts }),
    },
    { provide: ConfigureWorkspace, useValue: new ConfigureWorkspace(configuring) },
    { provide: WriteConfig, useValue: new WriteConfig(configuring) },
    { provide: DiscardDraft, useValue: new DiscardDraft(shared) },
  ];
}
