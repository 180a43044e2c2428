import { setTimeout } from 'node:timers/promises';
import type { Line } from '../server/line';
import { ACK_WAIT } from '../server/wanted';
import type { Held } from './held';

/** Milliseconds until the second look, the third …; the last for ever. */
const LOOK_AGAIN = [5, 10, 25, 50, 100];

interface TakingParts {
  readonly line: Line;
  readonly stream: string;
  readonly consumer: string;
  readonly held: ReadonlyMap<number, Held>;
  /** Asks the server for so many events. */
  ask(count: number): void;
  /** Everything that is out is here: it may be handed out, in order. */
  onTaken(): void;
}

/**
 * Takes a lane over. The server gives new events at once, and those that an earlier owner left unanswered when their time is up: nothing
 * is handed out until all that is out is here, or the new would overtake the old.
 */
export class Taking {
  #isDone = false;
  #isLooking = false;
  #holds = 0;
  /** Counts the beginnings: what was seen before the last one no longer counts. */
  #turn = 0;

  constructor(private readonly parts: TakingParts) {}

  get isDone(): boolean {
    return this.#isDone;
  }

  /** Nothing is known for certain any more. */
  restart(): void {
    this.#isDone = false;
    this.#turn += 1;
  }

  /** Something about what is here is still being found out, until `release`. */
  hold(): void {
    this.#holds += 1;
  }

  release(): void {
    this.#holds -= 1;
  }

  /** Whether nobody else has anything of it. */
  async isClear(): Promise<boolean> {
    return this.#isDone || ((await this.#missing()) === 0 && this.#isTrusted);
  }

  /** Looks until all that is out is here. */
  begin(): void {
    if (this.#isDone || this.#isLooking) return;
    this.#isLooking = true;
    void this.#look().finally(() => (this.#isLooking = false));
  }

  async #look(): Promise<void> {
    for (let looks = 0; !this.#isDone && this.parts.held.size > 0; looks++) {
      const turn = this.#turn;
      const missing = await this.#missing();
      if (turn === this.#turn && missing === 0 && this.#holds === 0 && this.#isTrusted) {
        this.#isDone = true;
        return this.parts.onTaken();
      }
      if (missing !== undefined && missing > 0) this.parts.ask(missing);
      await setTimeout(LOOK_AGAIN[looks] ?? LOOK_AGAIN.at(-1), undefined, { ref: false });
    }
  }

  /** How many events are out and not here; undefined: the server does not say. */
  async #missing(): Promise<number | undefined> {
    const { line, stream, consumer, held } = this.parts;
    try {
      const { num_ack_pending: out, delivered } = await line.ask((jsm) => jsm.consumers.info(stream, consumer));
      // What was delivered since is not among what was out, nor what the server gave before it was started again.
      const isOfThem = ({ letter, isErased, delivery, session }: Held): boolean =>
        letter === undefined && !isErased && delivery <= delivered.consumer_seq && session === line.session;
      return Math.max(0, out - [...held.values()].filter(isOfThem).length);
    } catch {
      return undefined;
    }
  }

  /** A server that was just started may have forgotten what it gave to whom: whoever has it has given up by then. */
  get #isTrusted(): boolean {
    return performance.now() >= this.parts.line.sessionSince + ACK_WAIT;
  }
}
