/** Calls that must have been made before their failures say anything. */
const FEWEST = 20;
/** Of the calls, the part that may fail. */
const BEARABLE = 0.5;
/** Seconds that are looked at. */
const LOOKED_AT = 10;
/** Milliseconds for which nobody calls. */
const OPEN = 5_000;
/** Calls by which it is then tried whether the other side is back. */
const PROBES = 3;

/** How a call is let through: as any, or as one by which it is tried whether the other side is back. */
export type Passage = 'free' | 'probe';

/**
 * Keeps callers from waiting for a service that does not answer: when half of at least 20 calls of the last ten seconds failed, nobody
 * calls for five seconds; then three calls are let through, and if all are answered, everybody again. Times in milliseconds.
 */
export class Circuit {
  private readonly calls = new Array<number>(LOOKED_AT).fill(0);
  private readonly failures = new Array<number>(LOOKED_AT).fill(0);
  private second = 0;
  private openUntil: number | undefined;
  private probing = 0;
  private answered = 0;

  /** Whether a call may be made; undefined: not now. Who is let through says in the end what became of it. */
  enter(now: number): Passage | undefined {
    if (this.openUntil === undefined) return 'free';
    if (now < this.openUntil - 2 * OPEN) this.openUntil = now;
    if (now < this.openUntil || this.probing + this.answered >= PROBES) return undefined;
    this.probing += 1;
    return 'probe';
  }

  /** Milliseconds until it is tried again; 0 when calls are let through. */
  wait(now: number): number {
    return this.openUntil === undefined ? 0 : Math.max(0, this.openUntil - now);
  }

  /** A call is over: answered in whatever way, or not. */
  leave(passage: Passage, isAnswered: boolean, now: number): void {
    if (passage === 'probe') this.endProbe(isAnswered, now);
    else if (this.openUntil === undefined) this.count(isAnswered, now);
  }

  private endProbe(isAnswered: boolean, now: number): void {
    this.probing -= 1;
    if (!isAnswered) {
      this.open(now);
      return;
    }
    this.answered += 1;
    if (this.answered < PROBES) return;
    this.openUntil = undefined;
    this.forget();
  }

  private count(isAnswered: boolean, now: number): void {
    this.turnTo(Math.floor(now / 1000));
    const slot = this.second % LOOKED_AT;
    this.calls[slot] = (this.calls[slot] ?? 0) + 1;
    if (isAnswered) return;
    this.failures[slot] = (this.failures[slot] ?? 0) + 1;
    const calls = sum(this.calls);
    if (calls >= FEWEST && sum(this.failures) >= BEARABLE * calls) this.open(now);
  }

  private open(now: number): void {
    this.openUntil = now + OPEN;
    this.answered = 0;
    this.forget();
  }

  private turnTo(second: number): void {
    if (Math.abs(second - this.second) >= LOOKED_AT) this.forget();
    else for (let passed = this.second + 1; passed <= second; passed++) this.clear(passed % LOOKED_AT);
    this.second = second;
  }

  private forget(): void {
    for (let slot = 0; slot < LOOKED_AT; slot++) this.clear(slot);
  }

  private clear(slot: number): void {
    this.calls[slot] = 0;
    this.failures[slot] = 0;
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
