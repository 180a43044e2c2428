import type { Collection, Documents } from '@millrace/documents';
import { Clock } from '@millrace/kernel';
import type { ServiceDefinition, ServiceParts } from '@millrace/service';
import { through } from './through';

const METHODS = ['find', 'findBy', 'insert', 'update', 'page'] as const;

type Method = (typeof METHODS)[number];

/** Comes between what a service decides and what its store does, and moves its time on. */
export class Interruptions {
  /** Milliseconds by which the service is ahead. */
  ahead = 0;
  private readonly waiting = new Map<string, () => Promise<unknown>>();

  /** Does this once, right before the service next does so to documents of the kind; what it throws, the store answers. */
  before(collection: string, method: Method, deed: () => Promise<unknown>): void {
    this.waiting.set(`${collection} ${method}`, deed);
  }

  /** The store fails when the service next does so. */
  fail(collection: string, method: Method): void {
    this.before(collection, method, () => Promise.reject(new Error('The store is away.')));
  }

  /** Whether all that was to come between has. */
  isOver(): boolean {
    return this.waiting.size === 0;
  }

  async come(collection: string, method: Method): Promise<void> {
    const deed = this.waiting.get(`${collection} ${method}`);
    this.waiting.delete(`${collection} ${method}`);
    await deed?.();
  }
}

/** A service with somebody who comes between. Its parts, as the bench has them, are not interrupted. */
export function interrupted(definition: ServiceDefinition, interruptions: Interruptions): ServiceDefinition {
  return { ...definition, module: (parts) => definition.module(interruptedParts(parts, interruptions)) };
}

function interruptedParts(parts: ServiceParts, interruptions: Interruptions): ServiceParts {
  return {
    ...parts,
    clock: new AheadClock(parts.clock, interruptions),
    documents: through(parts.documents, {
      collection: async (spec: Parameters<Documents['collection']>[0]) =>
        watched(await parts.documents.collection(spec), spec.name, interruptions),
    }),
  };
}

function watched(collection: Collection<unknown>, name: string, interruptions: Interruptions): Collection<unknown> {
  const members = METHODS.map((method) => {
    const made = Reflect.get(collection, method) as (...given: readonly unknown[]) => Promise<unknown>;
    const after = async (...given: readonly unknown[]) => {
      await interruptions.come(name, method);
      return made.apply(collection, [...given]);
    };
    return [method, after];
  });
  return through(collection, Object.fromEntries(members) as object);
}

class AheadClock extends Clock {
  constructor(
    private readonly clock: Clock,
    private readonly interruptions: Interruptions,
  ) {
    super();
  }

  override now(): number {
    return this.clock.now() + this.interruptions.ahead;
  }
}
