import { tooManyNamespaces } from '../../application/live/attendance/refusals';

/** How many workspaces each connection follows, or is about to: a client may attach to thousands in one message. */
export class Namespaces {
  private readonly counts = new WeakMap<object, number>();

  constructor(
    private readonly limit: number,
    private readonly onRefused: (code: string) => void,
  ) {}

  /** Refuses (`events.too_many_namespaces`) one more than a connection may have. */
  enter(connection: object): void {
    const count = this.counts.get(connection) ?? 0;
    if (count >= this.limit) {
      const refusal = tooManyNamespaces(this.limit);
      this.onRefused(refusal.code);
      throw refusal;
    }
    this.counts.set(connection, count + 1);
  }

  leave(connection: object): void {
    this.counts.set(connection, (this.counts.get(connection) ?? 1) - 1);
  }
}
