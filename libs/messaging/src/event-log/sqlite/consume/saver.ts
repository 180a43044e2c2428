import type { ProgressChange } from '../store/durable-table';
import type { Backlog } from './backlog';
import { Timers } from '../../consume/back-off';
import { AFTER_A_FAILURE } from './run-parts';
import type { RunParts } from './run-parts';

/** Events done since the last save, at which the next one is due; a kill brings back at most twice as many. */
const MOST_UNSAVED = 500;
const SOON = 200;

/** Writes a durable's progress down, lazily: handlers can take an event twice. */
export class Saver {
  readonly #timers = new Timers();
  #saving = false;

  constructor(
    private readonly durable: string,
    private readonly backlog: Backlog,
    private readonly parts: RunParts,
  ) {}

  /** Saves when enough has come together, or in a while. */
  soon(): void {
    if (this.#saving) return;
    if (this.backlog.progress.unsaved >= MOST_UNSAVED) this.atOnce();
    else if (this.#timers.size === 0) this.#timers.after(SOON, () => this.atOnce());
  }

  /** Resolves when all so far is durable. */
  async now(): Promise<void> {
    this.#timers.clear();
    await this.parts.commit.run(
      () => this.#save(),
      (change) => this.backlog.progress.saved(change),
    );
  }

  /** As `now`, for a run that ends in order. */
  async last(): Promise<void> {
    this.#timers.clear();
    await this.parts.commit.run(() => {
      this.#save();
      this.parts.durables.end(this.durable);
    });
  }

  stop(): void {
    this.#timers.clear();
  }

  #save(): ProgressChange {
    const change = this.backlog.progress.unsavedChange(this.backlog.frontier);
    this.parts.durables.save(this.durable, change);
    return change;
  }

  /** Saves with the other writes of this turn. */
  atOnce(): void {
    this.#saving = true;
    this.now().then(
      () => (this.#saving = false),
      (fault: unknown) => {
        this.#saving = false;
        this.parts.onFault(`the progress of "${this.durable}" could not be saved`, fault);
        this.#timers.after(AFTER_A_FAILURE, () => this.atOnce());
      },
    );
  }
}
