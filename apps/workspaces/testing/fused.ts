import type { Blobs } from '@millrace/blobs';
import type { Collection, Documents } from '@millrace/documents';
import type { KeyValue } from '@millrace/messaging';
import type { ServiceDefinition, ServiceParts } from '@millrace/service';
import { EventLoopTurns } from '../src/infrastructure/event-loop-turns';
import { through } from './through';

/** What a process dies of in a test. */
export class Crash extends Error {}

/** Counts the writes of a process, and lets none through from a certain one on: before it is made, or right after. */
export class Fuse {
  private left = Number.POSITIVE_INFINITY;
  private isAfter = false;
  private readonly inHand = new Set<Promise<unknown>>();
  private readonly turns = new EventLoopTurns();

  /** The process dies at its so-manieth write from now on. */
  set(writes: number, isAfter: boolean): void {
    this.left = writes;
    this.isAfter = isAfter;
  }

  /** Another process begins. */
  mend(): void {
    this.left = Number.POSITIVE_INFINITY;
  }

  isBlown(): boolean {
    return this.left <= 0;
  }

  /** Resolves when the process that died does nothing any more: what it had in hand has come to its end. */
  async quiet(): Promise<void> {
    while (this.inHand.size > 0) {
      await Promise.allSettled(this.inHand);
      await this.turns.next();
    }
  }

  async write<R>(make: () => Promise<R>): Promise<R> {
    if (this.isBlown()) throw new Crash();
    this.left -= 1;
    if (this.isBlown() && !this.isAfter) throw new Crash();
    // What is refused writes nothing, and nobody dies of it.
    const made = await this.during(make()).catch((error: unknown) => {
      this.left += 1;
      throw error;
    });
    if (this.isBlown()) throw new Crash();
    return made;
  }

  /** A look before a write: whoever is dead takes none, and writes nothing by it. */
  async look<R>(make: () => Promise<R>): Promise<R> {
    if (this.isBlown()) throw new Crash();
    return this.during(make());
  }

  private async during<R>(deed: Promise<R>): Promise<R> {
    this.inHand.add(deed);
    return deed.finally(() => this.inHand.delete(deed));
  }
}

/** A service whose writes go through a fuse: documents, blobs and keys. */
export function fused(definition: ServiceDefinition, fuse: Fuse): ServiceDefinition {
  return {
    ...definition,
    module: (parts) => definition.module(fusedParts(parts, fuse)),
  };
}

/** The parts of a service, their writes through a fuse. */
export function fusedParts(parts: ServiceParts, fuse: Fuse): ServiceParts {
  const { documents, platform } = parts;
  return {
    ...parts,
    documents: through(documents, {
      collection: async (spec: Parameters<Documents['collection']>[0]) =>
        writes(await documents.collection(spec), ['insert', 'update'], fuse),
    }),
    platform: through(platform, {
      blobs: through(writes<Blobs>(platform.blobs, ['put', 'remove'], fuse), {
        stat: (key: string) => fuse.look(() => platform.blobs.stat(key)),
      }),
      keyValue: through<KeyValue>(platform.keyValue, {
        bucket: async (...asked: Parameters<KeyValue['bucket']>) =>
          writes(await platform.keyValue.bucket(...asked), ['put', 'putIf', 'delete'], fuse),
      }),
    }),
  };
}

/** The object, some of its methods through the fuse. */
function writes<T extends Collection<unknown> | Blobs | object>(target: T, names: readonly (keyof T & string)[], fuse: Fuse): T {
  const guarded = names.map((name) => {
    const method = target[name] as (...given: readonly unknown[]) => Promise<unknown>;
    return [name, (...given: readonly unknown[]) => fuse.write(() => method.apply(target, [...given]))];
  });
  return through(target, Object.fromEntries(guarded) as object);
}
