import { DomainError } from '@millrace/kernel';
import type { LoadRequest, SharedContext } from '@millrace/language';

/** How the owner of what is everybody's stands in a path. */
const NOBODY = '-';

/** A context as callers name it; `owner`: `-` for what is everybody's. */
export interface ContextName {
  readonly kind: SharedContext;
  readonly owner: string;
  readonly instance: string;
}

/** Refuses with `runtime.context_owner_invalid`. */
export function requestOf({ kind, owner, instance }: ContextName): LoadRequest {
  const isEverybodys = kind === 'global' || kind === 'config';
  if (isEverybodys === (owner === NOBODY)) return { context: kind, instance, owner: isEverybodys ? '' : owner };
  const detail = isEverybodys ? `\`${kind}\` is everybody's: name "-" as its owner.` : `\`${kind}\` has an owner: name whose it is.`;
  throw new DomainError('runtime.context_owner_invalid', 'invalid', detail, { errors: [{ pointer: '/owner', code: 'owner', detail }] });
}

export function nameOf({ context, owner, instance }: LoadRequest): ContextName {
  return { kind: context, owner: owner === '' ? NOBODY : owner, instance };
}
