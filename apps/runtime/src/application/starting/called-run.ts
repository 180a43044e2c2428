import type { Clock, Ids, JsonMap } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import type { Run, Trigger } from '../../domain/run';
import type { Model } from '../models';
import { termsOf } from './terms';

/** What somebody calls. */
export interface Called extends Pick<Trigger, 'type' | 'value'> {
  readonly slug: string;
  readonly locals: JsonMap;
  /** The same call again has the same one; undefined: every call is another. */
  readonly key: string | undefined;
  /** Automations passed until the call; absent: it begins with this one. */
  readonly depth?: number;
  /** Its answer is kept though nobody gave a key. */
  readonly mustBeKept: boolean;
}

/** The run that a call starts: the same one for the same caller and key. */
export function calledRun(
  { ids, clock }: { readonly ids: Ids; readonly clock: Clock },
  { principal, correlationId, traceparent }: CallContext,
  model: Model,
  { slug, locals, type, value, key, mustBeKept, depth }: Called,
): Run {
  const { workspaceId, digest } = model;
  const startedAt = clock.now();
  const id = key === undefined ? ids.mint('run') : ids.derive('run', type, workspaceId, slug, principal.id, key);
  return {
    id,
    workspaceId,
    digest,
    slug,
    trigger: { type, value, id: correlationId },
    correlationId,
    causationId: correlationId,
    depth: (depth ?? 0) + 1,
    startedAt,
    ...termsOf(model, slug, locals, startedAt),
    resultToken: key === undefined ? ids.mint('res') : ids.derive('res', id),
    causedBy: principal,
    ...(key === undefined && !mustBeKept ? {} : { keyed: true }),
    ...(principal.session === undefined ? {} : { session: principal.session }),
    ...(traceparent === undefined ? {} : { traceparent }),
  };
}
