import type { Json, JsonMap } from '@millrace/kernel';
import type { LoadRequest, SharedContext, WriteRequest } from '../step/effects';
import { applyWrite } from '../step/world/views';
import { isMap, ownOf } from '../values/value';
import { OFFLINE } from './settings';

const NAMES: readonly SharedContext[] = ['global', 'user', 'session', 'socket', 'run', 'config'];

/** The contexts of the offline world, in memory. */
export class OfflineContexts {
  private readonly kept = new Map<string, JsonMap>();

  constructor(
    written: Json | undefined,
    configs: Readonly<Record<string, JsonMap>>,
    private readonly owners: { readonly userId: string; readonly sessionId: string },
  ) {
    for (const name of NAMES) {
      const value = isMap(written) ? ownOf(written, name) : undefined;
      if (isMap(value)) this.kept.set(this.ownKey(name), value);
    }
    for (const [instance, config] of Object.entries(configs)) this.kept.set(keyOf({ context: 'config', instance, owner: '' }), config);
  }

  load(request: LoadRequest): JsonMap {
    return { revision: 1, value: this.kept.get(keyOf(request)) ?? {} };
  }

  /** Applies a write; the value at its path. Throws what the language refuses. */
  write(request: WriteRequest): JsonMap {
    const { value, result } = applyWrite(this.kept.get(keyOf(request)) ?? {}, request);
    this.kept.set(keyOf(request), value);
    return { revision: 1, value: result };
  }

  get config(): JsonMap {
    return this.kept.get(this.ownKey('config')) ?? {};
  }

  /** The workspace's own contexts. */
  printed(): JsonMap {
    return Object.fromEntries(NAMES.map((name) => [name, this.kept.get(this.ownKey(name)) ?? {}]));
  }

  private ownKey(context: SharedContext): string {
    const owners: Readonly<Partial<Record<SharedContext, string>>> = {
      user: this.owners.userId,
      session: this.owners.sessionId,
      socket: OFFLINE.correlationId,
      run: OFFLINE.correlationId,
    };
    return keyOf({ context, instance: '', owner: owners[context] ?? '' });
  }
}

function keyOf({ context, instance, owner }: LoadRequest): string {
  return `${context}|${instance}|${owner}`;
}
