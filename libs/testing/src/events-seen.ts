import type { JsonMap } from '@millrace/kernel';

const PATIENCE = 20_000;

/** Gathers events as they come, and waits for what shall come. */
export class EventsSeen {
  readonly events: JsonMap[] = [];
  private readonly waiting = new Set<() => void>();

  /** `patience`: milliseconds to wait for an event; 20 s when absent. */
  constructor(private readonly patience = PATIENCE) {}

  /** To be called with each event. */
  readonly take = ({ event }: { readonly event: JsonMap }): void => {
    this.events.push(event);
    for (const look of [...this.waiting]) look();
  };

  /** Types in the order seen. */
  types(): string[] {
    return this.events.map(({ type }) => (typeof type === 'string' ? type : ''));
  }

  /** Resolves with the first event that `wanted` accepts, seen already or still to come; rejects when none comes in time. */
  async until(wanted: (event: JsonMap) => boolean): Promise<JsonMap> {
    const { promise, resolve, reject } = Promise.withResolvers<JsonMap>();
    const look = (): void => {
      const found = this.events.find(wanted);
      if (found !== undefined) resolve(found);
    };
    const timer = setTimeout(() => reject(new Error(`The event did not come. Seen: ${this.types().join(', ')}`)), this.patience);
    this.waiting.add(look);
    look();
    return promise.finally(() => {
      clearTimeout(timer);
      this.waiting.delete(look);
    });
  }
}
