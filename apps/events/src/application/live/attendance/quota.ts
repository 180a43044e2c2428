/** How many subscriptions a receiver may have. */
export interface Quota {
  /** Refuses (`events.too_many_subscriptions`) one more. */
  demand(): void;
  /** There is one more, allowed or not. */
  add(): void;
  /** There is one less. */
  remove(): void;
}

/** Of a receiver that has one subscription, and never more. */
export const UNLIMITED: Quota = { demand: () => undefined, add: () => undefined, remove: () => undefined };
