import type { Outcome, Signal } from '@millrace/language';

/** `keep`: the run is to be kept, whatever else there is. */
export type Item = Outcome | Signal | 'keep';

/** What comes for a run while it goes on; taken out all at once. */
export class Mailbox {
  private items: Item[] = [];
  private wake: () => void = () => undefined;
  /** Told of each who asks for the run to be kept. */
  onKeep: () => void = () => undefined;
  private keepers: (() => void)[] = [];

  get isEmpty(): boolean {
    return this.items.length === 0;
  }

  put(item: Item): void {
    this.items.push(item);
    this.wake();
  }

  /** The outcomes that are there, without taking them. */
  outcomes(): readonly Outcome[] {
    return this.items.filter(isOutcome);
  }

  /** All there is, once there is something. */
  async take(): Promise<readonly Item[]> {
    if (this.isEmpty) await new Promise<void>((resolve) => (this.wake = resolve));
    return this.items.splice(0);
  }

  /** Asks for the run to be kept; resolves with `kept`. */
  keep(): Promise<void> {
    const kept = new Promise<void>((resolve) => this.keepers.push(resolve));
    this.put('keep');
    this.onKeep();
    return kept;
  }

  /** Whether somebody has asked for the run to be kept and was not told yet. */
  get isToBeKept(): boolean {
    return this.keepers.length > 0;
  }

  /** Tells whoever asked so far that the run is kept, or will never be. */
  kept(): void {
    for (const tell of this.keepers.splice(0)) tell();
  }
}

/** Whether an item says what came of an effect. */
export function isOutcome(item: Item): item is Outcome {
  return item !== 'keep' && !('signal' in item);
}
