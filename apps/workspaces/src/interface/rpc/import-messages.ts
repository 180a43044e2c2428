import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { CallContext } from '@millrace/messaging';
import { byKind } from '../../application/versions/checkout-version';
import { expiryOf, type ImportJob } from '../../application/exchange/import-jobs';
import type { ImportDone } from '../../application/exchange/import-workspace';
import type { ReadWorkspaces } from '../../application/read-workspaces';
import { problemMessage, workspaceMessage } from './views';

/** What an import did, as its caller is told. */
export async function importMessage(read: ReadWorkspaces, context: CallContext, { stored, report, plan }: ImportDone) {
  const { created, changed, removed } = byKind(plan.changes);
  return {
    ...(stored === undefined ? {} : { workspace: workspaceMessage(await read.view(context, stored)) }),
    ...{ created: [...created], changed: [...changed], removed: [...removed] },
    unchanged: plan.unchanged,
    applied: plan.applied,
    report: report.map(({ differences, ...note }) => ({ ...note, differences: differences.map((each) => ({ ...each })) })),
    problems: plan.problems.map(problemMessage),
    missingSecrets: [...plan.missingSecrets],
  };
}

/** A job, as whoever began it sees it, and where what it made is. */
export async function jobMessage(read: ReadWorkspaces, context: CallContext, job: ImportJob) {
  const { id, kind, state, progress, result, problem, createdAt, endedAt } = job;
  const expiresAt = expiryOf(job);
  const made = result?.plan.applied === true ? result.stored?.document.id : undefined;
  return {
    job: {
      ...{ id, kind, state, progress: { ...progress }, createdAt: timestampFromMs(createdAt) },
      ...(result === undefined ? {} : { result: await importMessage(read, context, result) }),
      ...(problem === undefined ? {} : { problem: { ...problem, errors: problem.errors.map((each) => ({ ...each })) } }),
      ...(endedAt === undefined ? {} : { endedAt: timestampFromMs(endedAt) }),
      ...(expiresAt === undefined ? {} : { expiresAt: timestampFromMs(expiresAt) }),
    },
    elsewhere: made === undefined ? '' : `/v1/workspaces/${made}`,
  };
}
