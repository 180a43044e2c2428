import type { Leaf } from '../leaves';

// Of a long text the beginning and the length go into its mark.
const TOLD = 100;
const CROWDED = 'crowded';

/**
 * Makes the marks of one workspace: short words that stand for "this field holds this value". Equal things have equal marks; unequal
 * ones may, rarely, too, so what a mark finds is looked at again.
 */
export class Marker {
  /** What every event of the workspace has. */
  readonly own: string;
  private readonly a: number;
  private readonly b: number;

  constructor(workspaceId: string) {
    this.a = stirred(0x811c9dc5, FIRST, workspaceId);
    this.b = stirred(0x2f0b4e17, SECOND, workspaceId);
    this.own = written(this.a, this.b);
  }

  /** The mark of a value in a field. */
  of(field: string, value: Leaf): string {
    const text = typeof value === 'string' ? `"${value.length > TOLD ? `${value.slice(0, TOLD)}${value.length}` : value}` : String(value);
    const a = stirred(stirred(this.a, FIRST, field) + 1, FIRST, text);
    const b = stirred(stirred(this.b, SECOND, field) + 1, SECOND, text);
    return written(a, b);
  }

  /** What an event has that has more values than are marked: any equality may hold for it. */
  crowded(): string {
    return this.of(CROWDED, true);
  }
}

// Two multiplicative hashes with different factors; 48 of their bits are told.
const FIRST = 0x01000193;
const SECOND = 0x5bd1e995;

function stirred(seed: number, factor: number, text: string): number {
  let state = seed;
  for (let i = 0; i < text.length; i++) {
    state = Math.imul(state ^ text.charCodeAt(i), factor);
    state ^= state >>> 15;
  }
  return state;
}

function written(a: number, b: number): string {
  return sixLetters(a) + sixLetters(b);
}

function sixLetters(state: number): string {
  return String.fromCharCode(
    97 + (state & 15),
    97 + ((state >>> 4) & 15),
    97 + ((state >>> 8) & 15),
    97 + ((state >>> 12) & 15),
    97 + ((state >>> 16) & 15),
    97 + ((state >>> 20) & 15),
  );
}
