import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type {
  ApplyDraftResponseSchema,
  DiscardDraftResponseSchema,
  DraftBaseSchema,
  DraftSchema,
  FileTouchSchema,
} from '@millrace/contracts';
import type { Plan } from '../../../application/drafting/apply-draft';
import type { Discarded } from '../../../application/drafting/discard-draft';
import type { FileTouch } from '../../../application/drafting/drift';
import type { DraftView } from '../../../application/drafting/read-draft';
import { problemMessage } from '../views';

/** A draft as callers see it, its files by path. */
export function draftMessage({ draft: { files, base }, digest, drift }: DraftView): MessageInitShape<typeof DraftSchema> {
  const entries = Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    digest,
    etag: digest,
    files: entries.map(([path, { updatedAt, ...file }]) => ({ path, ...file, updatedAt: timestampFromMs(updatedAt) })),
    drift: drift.map(touchMessage),
    ...(base === undefined ? {} : { base: baseMessage(base) }),
  };
}

export function planMessage(plan: Plan): MessageInitShape<typeof ApplyDraftResponseSchema> {
  const { digest, plannedDigest, applied, changes, unchanged, base, drift, conflicts, problems, missingSecrets } = plan;
  return {
    ...{ digest, etag: digest, plannedDigest, applied, unchanged },
    changes: [...changes],
    drift: drift.map(touchMessage),
    conflicts: conflicts.map(touchMessage),
    problems: problems.map(problemMessage),
    missingSecrets: [...missingSecrets],
    ...(base === undefined ? {} : { base: baseMessage(base) }),
  };
}

export function discardedMessage({ digest, changes }: Discarded): MessageInitShape<typeof DiscardDraftResponseSchema> {
  return { digest, etag: digest, changes: [...changes] };
}

/** Of a tree that was seen, and not applied, only the digest is known. */
function baseMessage({ digest, commit, by, at }: NonNullable<Plan['base']>): MessageInitShape<typeof DraftBaseSchema> {
  return {
    digest,
    appliedBy: by,
    ...(by === '' ? {} : { appliedAt: timestampFromMs(at) }),
    ...(commit === undefined ? {} : { origin: { commit } }),
  };
}

function touchMessage({ path, change, updatedBy, updatedAt }: FileTouch): MessageInitShape<typeof FileTouchSchema> {
  return { path, change, updatedBy: updatedBy ?? '', ...(updatedAt === undefined ? {} : { updatedAt: timestampFromMs(updatedAt) }) };
}
