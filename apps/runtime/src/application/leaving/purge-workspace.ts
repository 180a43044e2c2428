import type { Kept } from './kept';

/**
 * Removes what is kept of a workspace that is gone for good. What goes by itself within hours or days is left to that: answers that callers may
 * come back for, rate limits, and timers of what is not there any more, which do nothing when their time comes.
 */
export class PurgeWorkspace {
  /** `kept`: in the order in which it goes. */
  constructor(private readonly kept: readonly Kept[]) {}

  /** Answers how much of what there was. May be repeated: it goes on where it was stopped. */
  async run(workspaceId: string): Promise<Readonly<Record<string, number>>> {
    const counts: Record<string, number> = {};
    for (const each of this.kept) counts[each.name] = (counts[each.name] ?? 0) + (await each.remove(workspaceId));
    return counts;
  }
}
