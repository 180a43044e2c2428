import type { Use } from '../../domain/policies/ledger';

/** What a gateway tells the others of its last ticks, the newest last. */
export interface GatewayReport {
  /** The number of the newest tick; each has the number of the one before and one. */
  readonly newest: number;
  readonly ticks: readonly Use[];
}

/** What the gateways tell each other. */
export abstract class GatewayNews {
  /** Tells the others. Rejects when it cannot: nobody may have heard. */
  abstract tell(report: GatewayReport): Promise<void>;
  /** Hears all others from now on, their latest first; `undefined` when one is gone. Resolves when those there are have been heard. */
  abstract listen(hear: (gateway: string, report: GatewayReport | undefined) => void): Promise<void>;
  /** Takes leave, so that the others need not wait. */
  abstract close(): Promise<void>;
}
