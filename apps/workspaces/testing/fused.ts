import type { Blobs } from '@millrace/blobs';
import type { Collection, Documents } from '@millrace/documents';
import type { KeyValue } from '@millrace/messaging';
import type { ServiceDefinition, ServiceParts } from '@millrace/service';
import { through } from './through';

/** What a process dies of in a test. */
export class Crash extends Error {}

/** Counts the writes of a process, and lets none through from a certain one on: before it is made, or right after. */
export class Fuse {
  private left = Number.POSITIVE_INFINITY;
  private isAfter = false;

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

  async write<R>(make: () => Promise<R>): Promise<R> {
    if (this.isBlown()) throw new Crash();
    this.left -= 1;
    if (this.isBlown() && !this.isAfter) throw new Crash();
    const made = await make();
    if (this.isBlown()) throw new Crash();
    return made;
  }
}

/** A service whose writes go through a fuse: documents, blobs and keys. */
export function fused(definition: ServiceDefinition, fuse: Fuse): ServiceDefinition {
  return {
    ...definition,
    module: (parts) => definition.module(fusedParts(parts, fuse)),
  };
}

function fusedParts(parts: ServiceParts, fuse: Fuse): ServiceParts {
  const { documents, platform } = parts;
  return {
    ...parts,
    documents: through(documents, {
      collection: async (spec: Parameters<Documents['collection']>[0]) =>
        writes(await documents.collection(spec), ['insert', 'update'], fuse),
    }),
    platform: through(platform, {
      blobs: writes<Blobs>(platform.blobs, ['put', 'remove'], fuse),
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
