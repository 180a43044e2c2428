import { AsyncLocalStorage } from 'node:async_hooks';

/** The ids of the work in hand; each log line written meanwhile carries them. */
export interface WorkIds {
  readonly correlationId?: string;
  readonly user?: string;
  readonly workspace?: string;
  readonly run?: string;
  readonly traceId?: string;
}

const storage = new AsyncLocalStorage<WorkIds>();

/** Runs `work` (and all it awaits) under these ids, added to those already in hand. */
export function withIds<T>(ids: WorkIds, work: () => T): T {
  const outer = storage.getStore();
  return storage.run(outer === undefined ? ids : { ...outer, ...ids }, work);
}

/** The ids in hand; empty outside any work. */
export function idsInHand(): WorkIds {
  return storage.getStore() ?? {};
}
