import { StagedBlobs } from '@millrace/blobs';
import type { ServiceParts } from '@millrace/service';
import type { Provider } from '@nestjs/common';
import type { Access } from '../application/access';
import { CreateFilled } from '../application/create-filled';
import { ApplyDraft } from '../application/drafting/apply-draft';
import { ImportWorkspace } from '../application/exchange/import-workspace';
import type { Facts } from '../application/facts';
import { NodeArchives } from '../infrastructure/archives/node-archives';
import { EventLoopTurns } from '../infrastructure/event-loop-turns';
import { YamlDifferences } from '../infrastructure/yaml-differences';
import { ExchangeRpc } from '../interface/rpc/exchange.rpc';

export const EXCHANGE_RPC = [ExchangeRpc];

/** The use cases of workspaces that come from elsewhere. */
export function exchangeOf(
  { platform, clock, ids }: ServiceParts,
  around: { readonly access: Access; readonly facts: Facts },
): readonly Provider[] {
  const shared = {
    ...around,
    archives: new NodeArchives(),
    documents: new YamlDifferences(),
    staged: new StagedBlobs(platform.blobs, clock, ids),
    turns: new EventLoopTurns(),
  };
  return [
    {
      provide: ImportWorkspace,
      inject: [CreateFilled, ApplyDraft],
      useFactory: (create: CreateFilled, apply: ApplyDraft) => new ImportWorkspace({ ...shared, create, apply }),
    },
  ];
}
