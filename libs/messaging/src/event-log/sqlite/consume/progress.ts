import type { ProgressChange } from '../store/durable-table';
import type { Taken } from './taken';

/** What one durable has in its care, and what of that the file does not know yet. */
export class Progress {
  readonly #inflight = new Map<number, Taken>();
  /** Offsets the file has a row for. */
  readonly #saved = new Set<number>();
  readonly #changed = new Set<Taken>();
  readonly #finished = new Set<number>();
  #unsaved = 0;

  /** How many events are taken and not done. */
  get size(): number {
    return this.#inflight.size;
  }

  /** How many events a kill would make this process forget it has done. */
  get unsaved(): number {
    return this.#unsaved;
  }

  get inflight(): Iterable<Taken> {
    return this.#inflight.values();
  }

  take(taken: Taken): void {
    this.#inflight.set(taken.offset, taken);
    this.#changed.add(taken);
  }

  /** Takes what the file already has in flight. */
  resume(taken: Taken): void {
    this.#inflight.set(taken.offset, taken);
    this.#saved.add(taken.offset);
  }

  /** A delivery failed: the file should know the attempts. */
  changed(taken: Taken): void {
    if (this.#inflight.has(taken.offset)) this.#changed.add(taken);
  }

  done(taken: Taken): void {
    if (!this.#inflight.delete(taken.offset)) return;
    this.#changed.delete(taken);
    if (this.#saved.has(taken.offset)) this.#finished.add(taken.offset);
    this.#unsaved += 1;
  }

  /** What to save now. Call `saved` in the same turn, once it is durable. */
  unsavedChange(frontier: number): ProgressChange {
    return { frontier, taken: [...this.#changed].map((taken) => taken.toInflight()), done: [...this.#finished] };
  }

  saved(change: ProgressChange): void {
    for (const { offset } of change.taken) this.#saved.add(offset);
    for (const offset of change.done) this.#saved.delete(offset);
    this.#changed.clear();
    this.#finished.clear();
    this.#unsaved = 0;
  }
}
