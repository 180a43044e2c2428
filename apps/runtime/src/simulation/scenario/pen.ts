import type { Json, JsonMap } from '@millrace/kernel';
import type { Chance } from '@millrace/testing';

/** Instructions of an automation. */
export type Block = readonly JsonMap[];

/** Writes a few instructions. */
export type Writer = (pen: Pen) => Block;

export interface PenParts {
  readonly chance: Chance;
  /** See `Scenario`. */
  readonly isSure: boolean;
  /** Automations that may be started by an event `to.<slug>`. */
  readonly next: readonly string[];
  /** Counts the places of a whole scenario. */
  readonly places: { count: number };
  /** Its runs wait for places: what they wait for besides must not stand behind others that do. */
  readonly isLimited: boolean;
}

/** Where in an automation something is written, and how much of it may still be. */
export class Pen {
  constructor(
    private readonly parts: PenParts,
    /** Blocks that may still stand inside one another. */
    readonly depth: number,
    private readonly loops = 0,
    /** Among branches that go on at once. */
    readonly isBranch = false,
  ) {}

  get chance(): Chance {
    return this.parts.chance;
  }

  get isSure(): boolean {
    return this.parts.isSure;
  }

  get next(): readonly string[] {
    return this.parts.next;
  }

  get isLimited(): boolean {
    return this.parts.isLimited;
  }

  /** A name that nothing else in the scenario has, as a number. */
  place(): number {
    return ++this.parts.places.count;
  }

  /** A template whose value no other run and no other pass has. */
  unique(place = this.place()): string {
    return `{{me}}-${place}${this.loops > 0 ? '.{{$index}}' : ''}`;
  }

  pick<T>(list: readonly T[]): T {
    const picked = list[this.chance.below(list.length)];
    if (picked === undefined) throw new RangeError('There is nothing to choose from.');
    return picked;
  }

  /** For what stands inside. */
  inside(): Pen {
    return new Pen(this.parts, this.depth - 1, this.loops, this.isBranch);
  }

  insideLoop(): Pen {
    return new Pen(this.parts, this.depth - 1, this.loops + 1, this.isBranch);
  }

  insideBranch(): Pen {
    return new Pen(this.parts, this.depth - 1, this.loops, true);
  }

  get isInLoop(): boolean {
    return this.loops > 0;
  }
}

/** The run remembers a value: all that it tells later shows it. */
export function remember(value: Json): JsonMap {
  return { set: { name: 'seen[]', value } };
}

/** Tells, with everything the run has seen so far. */
export function tell(event: string, id: string, more: JsonMap = {}): JsonMap {
  return { emit: { event, payload: { id, n: '{{n}}', seen: '{{seen}}', ...more } } };
}
