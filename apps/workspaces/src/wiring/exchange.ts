import { StagedBlobs } from '@millrace/blobs';
import type { Collection } from '@millrace/documents';
import { SystemAlarms, type ServiceParts } from '@millrace/service';
import type { Provider } from '@nestjs/common';
import type { Access } from '../application/access';
import type { Catalogue } from '../application/apps/catalogue';
import { CreateFilled } from '../application/create-filled';
import { ApplyDraft } from '../application/drafting/apply-draft';
import type { ImportBook } from '../application/exchange/import-attempt';
import { ImportJobs } from '../application/exchange/import-jobs';
import { ImportRoles } from '../application/exchange/import-roles';
import { ImportWorkspace } from '../application/exchange/import-workspace';
import { TellApps } from '../application/exchange/tell-apps';
import type { Facts } from '../application/facts';
import type { FileStore } from '../application/ports/file-store';
import { GetJob } from '../application/jobs/get-job';
import { JobBook } from '../application/jobs/job-book';
import { PutRoles } from '../application/rights/put-roles';
import type { RoleBook } from '../application/rights/role-book';
import { NodeArchives } from '../infrastructure/archives/node-archives';
import { JOBS } from '../infrastructure/collections';
import { EventLoopTurns } from '../infrastructure/event-loop-turns';
import { YamlRoleDocuments } from '../infrastructure/rights/yaml-role-documents';
import { YamlDifferences } from '../infrastructure/yaml-differences';
import { ExchangeRpc } from '../interface/rpc/exchange.rpc';
import { JobsInHand } from '../interface/timers/jobs-in-hand';
import { Sweeps, type Chore } from '../interface/timers/sweeps';

export const EXCHANGE_RPC = [ExchangeRpc];

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** What is done about jobs again and again. */
const JOB_CHORES = Symbol('what is done about jobs');

/** What imports stand on besides the parts of the service. */
export interface ExchangeAround {
  readonly access: Access;
  readonly books: Collection<RoleBook>;
  readonly catalogue: Catalogue;
  readonly facts: Facts;
  readonly files: FileStore;
}

/** The use cases of workspaces that come from elsewhere. */
export async function exchangeOf(
  { platform, documents, clock, ids, log }: ServiceParts,
  around: ExchangeAround,
): Promise<readonly Provider[]> {
  const book: ImportBook = new JobBook(await documents.collection(JOBS));
  const staged = new StagedBlobs(platform.blobs, clock, ids);
  const turns = new EventLoopTurns();
  const failed = (job: string, error: unknown): void => log.error('A job came to nothing.', { job, error });
  const shared = {
    ...around,
    ids,
    roles: new ImportRoles(new YamlRoleDocuments(), new PutRoles({ ...around, clock })),
    archives: new NodeArchives(),
    documents: new YamlDifferences(),
    staged,
    turns,
    apps: new TellApps(around.catalogue, around.files, turns),
  };
  return [
    {
      provide: ImportWorkspace,
      inject: [CreateFilled, ApplyDraft],
      useFactory: (create: CreateFilled, apply: ApplyDraft) => new ImportWorkspace({ ...shared, create, apply }),
    },
    {
      provide: ImportJobs,
      inject: [ImportWorkspace],
      useFactory: (imports: ImportWorkspace) =>
        new ImportJobs({ imports, book, staged, clock, alarms: new SystemAlarms(clock), ids, failed }),
    },
    { provide: JobBook, useValue: book },
    { provide: GetJob, useValue: new GetJob(book) },
    { provide: JobsInHand, inject: [ImportJobs], useFactory: (jobs: ImportJobs) => new JobsInHand(jobs) },
    { provide: JOB_CHORES, inject: [ImportJobs], useFactory: (jobs: ImportJobs) => new Sweeps(choresOf(jobs), log) },
  ];
}

function choresOf(jobs: ImportJobs): readonly Chore[] {
  return [
    { period: 10 * SECOND, failed: 'Jobs in hand could not be said to be.', work: () => jobs.beat() },
    { period: 5 * SECOND, failed: 'Jobs that nobody has in hand could not be taken over.', work: () => jobs.takeOver() },
    { period: 10 * MINUTE, failed: 'Jobs that ended could not be forgotten.', work: () => jobs.sweep() },
  ];
}
