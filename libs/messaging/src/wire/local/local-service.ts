import { AsyncLocalStorage } from 'node:async_hooks';
import { InHand, type Held } from '@millrace/kernel';
import type { WireMessage, WireRequest } from '../wire';
import { copyMessage } from '../message';
import type { LocalCall } from './local-call';
import type { CallTurns } from './switchboard';

export type AnswerOnce = (request: WireRequest) => Promise<WireMessage>;
export type AnswerMany = (request: WireRequest) => AsyncIterable<WireMessage>;

/** One served subject: its handler and the calls in its hands. */
export class LocalService<Handler extends AnswerOnce | AnswerMany> {
  /** Handlers run in the context `serve` was called in, not in the caller's: what works in one process must work in two. */
  readonly #inOwnContext = AsyncLocalStorage.snapshot();
  readonly #inHand = new InHand<LocalCall>();
  #onIdle: (() => void)[] = [];

  constructor(
    private readonly handle: Handler,
    private readonly turns: CallTurns,
  ) {}

  async answer(this: LocalService<AnswerOnce>, call: LocalCall): Promise<WireMessage> {
    const held = this.#inHand.add(call);
    try {
      const turn = this.turns.next();
      if (turn !== undefined) await turn;
      return copyMessage(await this.#inOwnContext(this.handle, call));
    } finally {
      this.#release(held);
    }
  }

  /** The replies; each `next` lets the handler go on to its next reply and no further. */
  replies(this: LocalService<AnswerMany>, call: LocalCall): AsyncIterator<WireMessage, void, void> {
    const replies = this.#produce(call);
    return {
      next: () => this.#inOwnContext(() => replies.next()),
      return: () => this.#inOwnContext(() => replies.return()),
    };
  }

  /** Resolves when no call is in hand. */
  async idle(): Promise<void> {
    if (this.#inHand.size > 0) await new Promise<void>((resolve) => this.#onIdle.push(resolve));
  }

  /** Tells every caller that waits that nothing will come. */
  abandon(): void {
    for (const call of this.#inHand.all()) call.abandon();
  }

  async *#produce(this: LocalService<AnswerMany>, call: LocalCall): AsyncGenerator<WireMessage, void, void> {
    const held = this.#inHand.add(call);
    try {
      const turn = this.turns.next();
      if (turn !== undefined) await turn;
      for await (const reply of this.handle(call)) yield copyMessage(reply);
    } finally {
      this.#release(held);
    }
  }

  #release(held: Held): void {
    held.leave();
    if (this.#inHand.size > 0 || this.#onIdle.length === 0) return;
    for (const resolve of this.#onIdle.splice(0)) resolve();
  }
}
