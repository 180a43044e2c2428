import { DomainError } from '@millrace/kernel';

/** `If-Match` and `If-None-Match` as they came; empty: not sent. */
export interface Preconditions {
  readonly ifMatch: string;
  readonly ifNoneMatch?: string;
}

/** What a writer demands of the context as it is: a revision (0: that there is none), or nothing. Without a demand: undefined. */
export type Demand = { readonly revision: number } | 'anything' | undefined;

/** Refuses with `runtime.etag_invalid`. */
export function demandOf({ ifMatch, ifNoneMatch = '' }: Preconditions): Demand {
  if (ifNoneMatch === '*') return { revision: 0 };
  if (ifMatch === '*') return 'anything';
  if (ifMatch === '') return undefined;
  if (/^\d{1,15}$/.test(ifMatch)) return { revision: Number(ifMatch) };
  const detail = 'Send the ETag as it was answered, or *.';
  throw new DomainError('runtime.etag_invalid', 'invalid', `If-Match wants an ETag as it was answered, or *; "${ifMatch}" is neither.`, {
    errors: [{ pointer: '/ifMatch', code: 'etag', detail }],
  });
}

/** Who changes what is there has to know it. */
export function demandMissing(): DomainError {
  const message = 'Send If-Match with the ETag of the context you change, or If-Match: * to change whatever is there.';
  return new DomainError('runtime.precondition_required', 'conflict', message);
}
