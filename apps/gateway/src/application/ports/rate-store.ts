/** The timestamps of strict limits, which all gateways share. */
export abstract class RateStore {
  /**
   * Changes the timestamp of a key (milliseconds since 1970; undefined: it has none) as `change` says, which may be asked again when another
   * gateway was faster; undefined leaves it as it is. It is forgotten `life` milliseconds later. Rejects within half a second when the
   * store is away.
   */
  abstract change(key: string, life: number, change: (time: number | undefined) => number | undefined): Promise<void>;
}
