import { setTimeout } from 'node:timers/promises';
import { DomainError } from '@millrace/kernel';
import type { Capabilities, Log } from '@millrace/observability';
import type { WatchedDependency } from '../platform';

const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 5_000;

/** Refusals of a server that is there, but not as it must be: no waiting mends that. */
const FINAL: ReadonlySet<string> = new Set([
  ...['log.server_too_old', 'log.option_dropped', 'log.not_synced'],
  ...['kv.server_unfit', 'history.layout_differs'],
]);

/** A server that a process stands on. */
export interface Dependency<T> {
  /** As people know it. */
  readonly name: string;
  readonly open: () => Promise<T>;
  /** Throws with the reason when it cannot be used at the moment. Without it, it is taken for usable once it is open. */
  readonly check?: (opened: T) => Promise<unknown>;
  readonly close: (opened: T) => Promise<void>;
  /** False: the service does most of its work while it is away. True when absent. */
  readonly essential?: boolean;
  /** What it was set up to be, for operators to see. */
  readonly capabilities?: Capabilities;
}

export interface DependenciesOptions {
  readonly log: Log;
  /** Hears of each dependency when it is looked for, and again when it is there. */
  readonly onDependency?: (dependency: WatchedDependency) => void;
  /** How to wait between two tries, in milliseconds; ends early, without failing, when the signal does. A timer when absent. */
  readonly pause?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** The servers that a process stands on: waited for when they are not there yet, watched, and let go of in the end. */
export class Dependencies {
  readonly #watched = new Map<string, WatchedDependency>();
  readonly #closers: (() => Promise<void>)[] = [];
  readonly #closing = new AbortController();

  constructor(private readonly options: DependenciesOptions) {}

  /** Those that are open, and those that are looked for. */
  watched(): readonly WatchedDependency[] {
    return [...this.#watched.values()];
  }

  /**
   * Opens a dependency, as often as it takes: who starts first waits for the others. Throws what waiting cannot mend – a refusal of what
   * was asked, a server that is too old or set up otherwise – and when this is closed meanwhile.
   */
  async reach<T>({ name, open, check, close, essential = true, capabilities }: Dependency<T>): Promise<T> {
    let reason = 'it was not reached yet';
    this.#watch({ name, essential, check: async () => Promise.reject(new Error(reason)) });
    for (let failures = 0; ;) {
      try {
        const opened = await open();
        this.#closers.push(() => close(opened));
        this.#watch({ name, essential, check: () => passes(check?.(opened)), ...(capabilities && { capabilities }) });
        if (failures > 0) this.options.log.warn(`The ${name} is there.`);
        return opened;
      } catch (error) {
        if (isFinal(error)) throw error;
        failures += 1;
        reason = error instanceof Error ? error.message : String(error);
        if (isWorthTelling(failures)) this.options.log.warn(`Waiting for the ${name}: ${reason}`, { failures });
        await this.#pause(failures);
      }
    }
  }

  /** Lets go of all that was opened, the last first, and of what is still looked for. */
  async close(): Promise<void> {
    this.#closing.abort(new DomainError('service.stopping', 'unavailable', 'The process stops; it waits for no server any more.'));
    for (const close of this.#closers.splice(0).toReversed()) await close();
  }

  async #pause(failures: number): Promise<void> {
    const { pause = timer } = this.options;
    await pause(Math.min(FIRST_PAUSE * 2 ** (failures - 1), LONGEST_PAUSE), this.#closing.signal);
    this.#closing.signal.throwIfAborted();
  }

  #watch(dependency: WatchedDependency): void {
    this.#watched.set(dependency.name, dependency);
    this.options.onDependency?.(dependency);
  }
}

async function passes(check: Promise<unknown> | undefined): Promise<void> {
  await check;
}

function isFinal(error: unknown): boolean {
  return error instanceof DomainError && (error.refusal !== 'unavailable' || FINAL.has(error.code));
}

/** The first failure, the second, the fourth …: often enough to see that it goes on. */
function isWorthTelling(failures: number): boolean {
  return (failures & (failures - 1)) === 0;
}

async function timer(milliseconds: number, signal: AbortSignal): Promise<void> {
  await setTimeout(milliseconds, undefined, { signal }).catch(() => undefined);
}
