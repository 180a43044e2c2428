import type { DomainError } from '@millrace/kernel';
import { Outlet, type Delivery, type News } from '../../ports/outlet';

/** Gathers deliveries for one answer: as many as it may hold. */
export class Collector extends Outlet {
  readonly deliveries: Delivery[] = [];
  /** Settles when there is something to answer with: deliveries, a gap, or the reason why there will be none. */
  readonly ready: Promise<void>;
  /** Why a part of what was missed cannot be had. */
  lost: string | undefined;
  private readonly settle: { readonly resolve: () => void; readonly reject: (reason: DomainError) => void };

  /** `catchesUp`: the subscription comes from behind, so that there may be many at once: they are gathered before they are answered. */
  constructor(
    readonly id: string,
    private readonly limit: number,
    private catchesUp: boolean,
  ) {
    super();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.ready = promise;
    this.settle = { resolve, reject };
    // Who asks for an answer hears of it; an answer that nobody waits for any more is nobody's trouble.
    promise.catch(() => undefined);
  }

  override hasRoom(): boolean {
    return this.deliveries.length < this.limit;
  }

  /** What is full stays so: the rest is for the next question. */
  override room(): Promise<boolean> {
    return Promise.resolve(this.hasRoom());
  }

  override deliver(delivery: Delivery): void {
    this.deliveries.push(delivery);
    if (!this.catchesUp || !this.hasRoom()) this.settle.resolve();
  }

  override tell(news: News): void {
    if (news.kind === 'revoked' || news.kind === 'auth.expiring') return;
    this.catchesUp = false;
    if (news.kind === 'gap') this.lost = news.reason;
    if (news.kind === 'gap' || this.deliveries.length > 0) this.settle.resolve();
  }

  override end(reason: DomainError): void {
    this.settle.reject(reason);
  }
}
