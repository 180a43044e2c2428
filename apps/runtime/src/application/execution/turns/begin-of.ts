import type { JsonMap } from '@millrace/kernel';
import type { Begin } from '@millrace/language';
import type { Run } from '../../../domain/run';

/** What the language begins a run with. `prefilled`: read-only keys of contexts, such as where the API is. */
export function beginOf(run: Run, locals: JsonMap, prefilled: Readonly<Record<string, JsonMap>>): Begin {
  const { id, slug, trigger, workspaceId, correlationId, depth, startedAt, causedBy, session, unknownEvents } = run;
  const userId = causedBy?.onBehalfOf ?? (causedBy?.kind === 'user' ? causedBy.id : undefined);
  return {
    run: id,
    slug,
    locals,
    trigger,
    workspaceId,
    correlationId,
    depth,
    identity: { ...(userId === undefined ? {} : { userId }), ...(session === undefined ? {} : { sessionId: session }) },
    seed: id,
    now: startedAt,
    ...(unknownEvents === undefined ? {} : { unknownEvents }),
    prefilled: { ...prefilled, global: { ...prefilled['global'], workspaceId } },
  };
}
