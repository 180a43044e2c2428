import { handlerFailed, wireTimeout } from '../wire';
import type { RequestOptions, WireMessage, WireRequest } from '../wire';
import { copyMessage } from '../message';

/** `setTimeout` fires at once beyond this. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

/** One request or stream on its way: what its server sees of it, and what its caller waits for. */
export class LocalCall implements WireRequest {
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  /** Made when somebody asks for it: most handlers never do. */
  #controller: AbortController | undefined;
  #failure: { readonly error: unknown } | undefined;
  #reject: ((error: unknown) => void) | undefined;

  constructor(
    readonly subject: string,
    message: WireMessage,
    private readonly options: RequestOptions,
  ) {
    const copy = copyMessage(message);
    this.body = copy.body;
    this.headers = copy.headers;
    options.signal?.addEventListener('abort', this.#onCallerAborts);
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#failure !== undefined) this.#controller.abort();
    return this.#controller.signal;
  }

  /** Waits for something the server does, as long as the caller does. */
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
        () => this.abandon(),
      );
      if (this.#failure !== undefined) this.#reject(this.#failure.error);
    });
  }

  /** Nothing more is waited for; the server is told. */
  fail(error: unknown): void {
    if (this.#failure !== undefined) return;
    this.#failure = { error };
    this.#reject?.(error);
    this.#controller?.abort();
  }

  /** The server broke or went away. */
  abandon(): void {
    this.fail(handlerFailed(this.subject));
  }

  /** The caller has what it wanted. */
  end(): void {
    this.options.signal?.removeEventListener('abort', this.#onCallerAborts);
  }

  readonly #onCallerAborts = (): void => this.fail(this.options.signal?.reason);
  readonly #onTimeout = (): void => this.fail(wireTimeout(this.subject, this.options.timeout));
}
