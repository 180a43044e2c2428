import type { Group } from '../group';
import type { LiveEvent } from '../live-event';

/** What may have happened, in bytes of memory, before what was found is forgotten: it holds events that are no longer at hand. */
const KEPT = 8 * 1024 * 1024;

/** The events that a group wants of all those behind `from` up to `to`, oldest first. */
interface Passage {
  readonly from: bigint;
  readonly to: bigint;
  readonly wanted: readonly LiveEvent[];
}

/** What groups want of the events at hand: looked for once for all who come back together, be it from different positions. */
export class Passages {
  private readonly known = new Map<Group, Passage>();
  private weight = 0;

  /** `after`: the events at hand after an offset. */
  constructor(private readonly after: (offset: bigint) => readonly LiveEvent[]) {}

  /** What one of the groups wants of the events after an offset that are at hand, oldest first, each once. */
  wantedBy(groups: ReadonlySet<Group>, offset: bigint): readonly LiveEvent[] {
    const [first, ...others] = [...groups].map((group) => behind(this.through(group, offset).wanted, offset));
    if (first === undefined || others.length === 0) return first ?? [];
    return [...new Set([...first, ...others.flat()])].sort((a, b) => (a.offset < b.offset ? -1 : 1));
  }

  /** One more event is at hand. */
  take({ weight }: LiveEvent): void {
    if (this.known.size === 0) return;
    this.weight += weight;
    if (this.weight > KEPT) this.forget();
  }

  forget(): void {
    this.known.clear();
    this.weight = 0;
  }

  private through(group: Group, offset: bigint): Passage {
    const known = this.known.get(group);
    const begun = known !== undefined && offset >= known.from ? known : { from: offset, to: offset, wanted: [] };
    const more = this.after(begun.to);
    const passage = {
      from: begun.from,
      to: more.at(-1)?.offset ?? begun.to,
      wanted: [...begun.wanted, ...more.filter((event) => group.wants(event))],
    };
    this.known.set(group, passage);
    return passage;
  }
}

function behind(events: readonly LiveEvent[], offset: bigint): readonly LiveEvent[] {
  return events.slice(indexBehind(events, offset));
}

/** Index of the first event behind an offset. */
function indexBehind(events: readonly LiveEvent[], offset: bigint): number {
  const index = events.findIndex((event) => event.offset > offset);
  return index === -1 ? events.length : index;
}
