import { handlerFailed } from '../wire';
import type { RequestOptions, WireMessage, WireRequest } from '../wire';
import { copyMessage } from '../message';
import { Waiting } from '../waiting';

/** One request or stream on its way: what its server sees of it, and what its caller waits for. */
export class LocalCall extends Waiting implements WireRequest {
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  /** Made when somebody asks for it: most handlers never do. */
  #controller: AbortController | undefined;

  constructor(subject: string, message: WireMessage, options: RequestOptions) {
    super(subject, options);
    const copy = copyMessage(message);
    this.body = copy.body;
    this.headers = copy.headers;
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.hasFailed) this.#controller.abort();
    return this.#controller.signal;
  }

  /** The server broke or went away. */
  abandon(): void {
    this.fail(this.onBroken());
  }

  protected onBroken(): unknown {
    return handlerFailed(this.subject);
  }

  protected onFailed(): void {
    this.#controller?.abort();
  }
}
