import { ExchangeService, type AdmitImportRequest, type ImportWorkspaceRequest } from '@millrace/contracts';
import { Rpc, type CallContext } from '@millrace/messaging';
import { Controller, Inject } from '@nestjs/common';
import { byKind } from '../../application/versions/checkout-version';
import { ImportWorkspace } from '../../application/exchange/import-workspace';
import { ReadWorkspaces } from '../../application/read-workspaces';
import { problemMessage, workspaceMessage } from './views';

const { method } = ExchangeService;

/** What whoever carries the bytes of archives asks: may they come, and what became of them. */
@Controller()
export class ExchangeRpc {
  constructor(
    @Inject(ImportWorkspace) private readonly imports: ImportWorkspace,
    @Inject(ReadWorkspaces) private readonly read: ReadWorkspaces,
  ) {}

  @Rpc(method.admitImport)
  async admit({ workspaceId }: AdmitImportRequest, context: CallContext) {
    return { most: await this.imports.admit(context, workspaceId === '' ? undefined : workspaceId) };
  }

  @Rpc(method.importWorkspace)
  async import({ workspaceId, ref, name, slug, prune, dryRun }: ImportWorkspaceRequest, context: CallContext) {
    const asked = {
      ...{ ref, prune, dryRun },
      ...(workspaceId === '' ? {} : { workspace: workspaceId }),
      ...(name === '' ? {} : { name }),
      ...(slug === '' ? {} : { slug }),
    };
    const { stored, report, plan } = await this.imports.run(context, asked);
    const { created, changed, removed } = byKind(plan.changes);
    return {
      ...(stored === undefined ? {} : { workspace: workspaceMessage(await this.read.view(context, stored)) }),
      ...{ created: [...created], changed: [...changed], removed: [...removed] },
      unchanged: plan.unchanged,
      applied: plan.applied,
      report: report.map(({ differences, ...note }) => ({ ...note, differences: differences.map((each) => ({ ...each })) })),
      problems: plan.problems.map(problemMessage),
      missingSecrets: [...plan.missingSecrets],
    };
  }
}
