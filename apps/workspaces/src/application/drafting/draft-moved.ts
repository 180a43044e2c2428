import { DomainError } from '@millrace/kernel';
import { pointerTo } from '../../domain/tree/paths';
import type { FileTouch } from './drift';

const SHOWN = 50;
/** Characters of a digest. */
const SHOWN_OF_DIGEST = 64;

/** The draft is not the one the caller saw. Names what both sides have changed, and who changed it here when. */
export function draftMoved(digest: string, both: readonly FileTouch[], theirs: readonly FileTouch[]): DomainError {
  const [first] = both;
  const what =
    first === undefined
      ? `${theirs.length} files have changed, none of them yours.`
      : `${both.length} of your files have changed there, too: ${first.path}${byWhom(first)}${both.length > 1 ? ', and others' : ''}.`;
  return new DomainError(
    'workspaces.draft_moved',
    'conflict',
    `The draft is not the one you saw. ${what} Plan again, and send its new digest.`,
    {
      facts: { etag: digest, conflicts: pathsOf(both), drift: pathsOf(theirs) },
      errors: both.slice(0, SHOWN).map((touch) => {
        return {
          pointer: pointerTo(touch.path),
          code: 'conflict',
          detail: `${touch.path} was ${touch.change} here${byWhom(touch)}, and you change it, too.`,
        };
      }),
    },
  );
}

/** The caller names a draft that was never here, or is kept no more. Names the files of the caller that stand here otherwise. */
export function draftUnknown(named: string, digest: string, differing: readonly FileTouch[]): DomainError {
  const moved = draftMoved(digest, differing, []);
  const shown = named.length > SHOWN_OF_DIGEST ? `${named.slice(0, SHOWN_OF_DIGEST)}…` : named;
  return new DomainError(
    'workspaces.draft_moved',
    'conflict',
    `If-Match names the draft "${shown}", which was never here or is kept no more, so nothing was written; ${differing.length} of your files stand here otherwise. Plan again with \`dryRun\`, and send the digest of that plan.`,
    { facts: moved.facts, errors: moved.errors },
  );
}

/** A change of the draft that does not say which draft it is about. */
export function draftUnnamed(digest: string): DomainError {
  return new DomainError(
    'workspaces.precondition_required',
    'conflict',
    'Send If-Match with the digest of the draft that you saw, or If-Match: * to write over whatever is there.',
    { facts: { etag: digest } },
  );
}

function byWhom({ updatedBy, updatedAt }: FileTouch): string {
  return updatedBy === undefined || updatedAt === undefined ? '' : ` by ${updatedBy} at ${new Date(updatedAt).toISOString()}`;
}

function pathsOf(touches: readonly FileTouch[]): readonly string[] {
  return touches.slice(0, SHOWN).map(({ path }) => path);
}
