import {
  ExchangeService,
  JobsService,
  type AdmitImportRequest,
  type GetJobRequest,
  type ImportWorkspaceRequest,
} from '@millrace/contracts';
import { Rpc, type CallContext } from '@millrace/messaging';
import { Controller, Inject } from '@nestjs/common';
import { ImportJobs } from '../../application/exchange/import-jobs';
import { ImportWorkspace } from '../../application/exchange/import-workspace';
import { GetJob } from '../../application/jobs/get-job';
import { ReadWorkspaces } from '../../application/read-workspaces';
import { importMessage, jobMessage } from './import-messages';

const { method } = ExchangeService;
const SECOND = 1_000;
/** Seconds that a caller is held who does not say. */
const HELD = 10;

/** What whoever carries the bytes of archives asks: may they come, and what became of them. */
@Controller()
export class ExchangeRpc {
  constructor(
    @Inject(ImportWorkspace) private readonly imports: ImportWorkspace,
    @Inject(ImportJobs) private readonly jobs: ImportJobs,
    @Inject(GetJob) private readonly getJob: GetJob,
    @Inject(ReadWorkspaces) private readonly read: ReadWorkspaces,
  ) {}

  @Rpc(method.admitImport)
  async admit({ workspaceId }: AdmitImportRequest, context: CallContext) {
    return { most: await this.imports.admit(context, workspaceId === '' ? undefined : workspaceId) };
  }

  @Rpc(method.importWorkspace)
  async import({ workspaceId, ref, name, slug, app, prune, dryRun, wait = HELD }: ImportWorkspaceRequest, context: CallContext) {
    const asked = {
      ...{ ref, prune, dryRun },
      ...(workspaceId === '' ? {} : { workspace: workspaceId }),
      ...(name === '' ? {} : { name }),
      ...(slug === '' ? {} : { slug }),
      ...(app === '' ? {} : { app }),
    };
    const answer = await this.jobs.run(context, asked, wait * SECOND);
    return typeof answer === 'string' ? { job: answer } : importMessage(this.read, context, answer);
  }

  @Rpc(JobsService.method.getJob)
  async job({ jobId }: GetJobRequest, context: CallContext) {
    return jobMessage(this.read, context, await this.getJob.run(context, jobId));
  }
}
