import type { Ids } from '@millrace/kernel';
import { SlotLine, type SlotAnswer, type SlotAsker, type SlotParts } from './slot-line';

/** What is limited together: the runs of an automation that have the same concurrency key. */
export interface Gate {
  readonly workspaceId: string;
  readonly slug: string;
  /** Evaluated; empty when the automation names none. */
  readonly key: string;
}

export interface SlotsParts extends SlotParts {
  readonly ids: Ids;
}

/**
 * The concurrency of automations, across all instances, parked runs included: who holds a slot stands in a record and stays there until it
 * is freed, or is found to have ended. First come, first served in this process; between processes whoever is faster.
 */
export class Slots {
  private readonly lines = new Map<string, SlotLine>();
  private readonly inHand = new Set<string>();
  private readonly parts: SlotParts;

  constructor(private readonly given: SlotsParts) {
    this.parts = { ...given, isAlive: async (holder) => this.inHand.has(holder.run) || given.isAlive(holder) };
  }

  /** How many wait here for a slot. */
  get waiting(): number {
    let waiting = 0;
    for (const line of this.lines.values()) waiting += line.waiting;
    return waiting;
  }

  /**
   * Takes a slot, waiting for one if the policy says so; a run that holds one already has it. What it took is durable. Until `rest` or
   * `free` the run counts as alive without being asked after. Rejects with the signal's reason, the run then holding what it held before;
   * or as the bucket does.
   */
  async take(gate: Gate, asker: SlotAsker): Promise<SlotAnswer> {
    asker.signal.throwIfAborted();
    const answer = await this.line(gate).take(asker);
    if (answer === 'taken' || answer === 'held') this.inHand.add(asker.run);
    return answer;
  }

  /** The run is out of this process's hands; it keeps its slot. */
  rest(run: string): void {
    this.inHand.delete(run);
  }

  /** Gives the slot of a run back when it has ended, wherever it was taken. One that holds none is fine. Rejects as the bucket does. */
  async free(gate: Gate, run: string): Promise<void> {
    this.rest(run);
    await this.line(gate).free(run);
  }

  private line({ workspaceId, slug, key }: Gate): SlotLine {
    const name = `${workspaceId}/${this.given.ids.derive('slt', slug, key)}`;
    const known = this.lines.get(name);
    if (known !== undefined) return known;
    const line = new SlotLine(name, this.parts, () => this.lines.delete(name));
    this.lines.set(name, line);
    return line;
  }
}
