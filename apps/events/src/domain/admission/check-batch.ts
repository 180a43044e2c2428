import { DomainError, type FieldProblem, type Principal } from '@millrace/kernel';
import { draftProblems, LARGEST_BATCH, weightOf } from './check-draft';
import type { EventDraft } from './draft';
import { sameFact } from './same-fact';

/** Where a draft stands in what the caller sent, as a JSON Pointer. */
export type Place = (index: number) => string;

/** Refuses a batch when anything in it cannot enter the log; the refusal names every such place. */
export function checkBatch(drafts: readonly EventDraft[], by: Principal, place: Place): void {
  const bytes = drafts.reduce((sum, draft) => sum + weightOf(draft), 0);
  const problems = drafts.flatMap((draft, index) => draftProblems(draft, by, place(index)));
  const [first, ...others] = [...problems, ...reusedIds(drafts, place)];
  if (first !== undefined) throw refusedBatch(first, others);
  if (bytes > LARGEST_BATCH) {
    throw new DomainError('events.too_large', 'invalid', `The batch has ${bytes} bytes ${LARGEST_BATCH} are allowed. Send it in parts.`, {
      facts: { bytes, limit: LARGEST_BATCH },
    });
  }
}

/** The refusal that names every place; its code is that of the first. */
export function refusedBatch(
  first: FieldProblem,
  others: readonly FieldProblem[],
  refusal: 'invalid' | 'conflict' = 'invalid',
): DomainError {
  const more = others.length === 0 ? '' : ` (${others.length} more in errors)`;
  return new DomainError(first.code, refusal, `${first.detail}${more}`, { errors: [first, ...others] });
}

/** The id is taken by another fact. */
export function idReused(id: string, pointer: string): FieldProblem {
  return {
    pointer,
    code: 'events.id_reused',
    detail: `There is another event with the id "${id}" in this workspace. Give this one an id of its own.`,
  };
}

function reusedIds(drafts: readonly EventDraft[], place: Place): readonly FieldProblem[] {
  const seen = new Map<string, EventDraft>();
  return drafts.flatMap((draft, index) => {
    if (draft.id === undefined) return [];
    const first = seen.get(draft.id);
    seen.set(draft.id, first ?? draft);
    return first === undefined || sameFact(first, draft) ? [] : [idReused(draft.id, `${place(index)}/id`)];
  });
}
