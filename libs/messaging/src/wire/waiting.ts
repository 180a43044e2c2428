import { wireTimeout } from './wire';
import type { RequestOptions } from './wire';

/** `setTimeout` fires at once beyond this. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

/** A caller's patience: with the time the other side takes, with its own signal, with its wire. */
export abstract class Waiting {
  #failure: { readonly error: unknown } | undefined;
  #reject: ((error: unknown) => void) | undefined;

  constructor(
    readonly subject: string,
    private readonly options: RequestOptions,
  ) {
    options.signal?.addEventListener('abort', this.#onCallerAborts);
  }

  /** Whether the caller waits no longer, for want of patience or of something to wait for. */
  get hasFailed(): boolean {
    return this.#failure !== undefined;
  }

  /** Waits for what the other side does, as long as the caller's patience lasts. */
  wait<T>(work: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const timer = setTimeout(this.#onTimeout, Math.min(this.options.timeout, LONGEST_TIMEOUT));
      this.#reject = (error) => {
        clearTimeout(timer);
        reject(error);
      };
      work.then(
        (value) => {
          clearTimeout(timer);
          resolve(value);
        },
        (error: unknown) => this.fail(this.onBroken(error)),
      );
      if (this.#failure !== undefined) this.#reject(this.#failure.error);
    });
  }

  /** Nothing more is waited for. Only the first reason counts. */
  fail(error: unknown): void {
    if (this.#failure !== undefined) return;
    this.#failure = { error };
    this.#reject?.(error);
    this.onFailed();
  }

  /** The caller has what it wanted. */
  end(): void {
    this.options.signal?.removeEventListener('abort', this.#onCallerAborts);
  }

  /** What the caller is told when the work itself breaks. */
  protected abstract onBroken(error: unknown): unknown;
  /** The other side should know that nobody waits. */
  protected abstract onFailed(): void;

  readonly #onCallerAborts = (): void => this.fail(this.options.signal?.reason);
  readonly #onTimeout = (): void => this.fail(wireTimeout(this.subject, this.options.timeout));
}
