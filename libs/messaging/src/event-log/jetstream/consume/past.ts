import { MOST_PENDING } from '../server/wanted';
import type { Held, Known } from './held';

/**
 * What this process had of a consumer, and lost. When the server gives it again, and gave it to nobody in between, nobody can have died of it,
 * and all that is known of it is known here.
 */
export class Past {
  #known = new Map<number, Known>();

  /** They were lost: the newest of all that were are remembered, as many as can be out. */
  add(lost: readonly Held[]): void {
    const added = lost.filter(({ letter }) => letter === undefined).map((held) => [held.offset, held.known] as const);
    this.#known = new Map([...this.#known, ...added].slice(-MOST_PENDING));
  }

  /** Goes on with an event where it was lost. False: somebody else had it since, or nothing is known of it. */
  resume(held: Held): boolean {
    const known = this.#known.get(held.offset);
    // From here on more may happen to it than is known here.
    this.#known.delete(held.offset);
    if (known === undefined || held.count > known.count + 1) return false;
    held.goOn(known);
    return true;
  }
}
