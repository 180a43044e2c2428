import { AsyncLocalStorage } from 'node:async_hooks';
import { InHand, type Held } from '@millrace/kernel';
import type { FaultReport } from '../../faults';
import { Wire, noOneListens, wireClosed } from '../wire';
import type { Registration, RequestOptions, WireHandlers, WireMessage } from '../wire';
import { copyMessage } from '../message';
import { LocalCall } from './local-call';
import { LocalService } from './local-service';
import type { AnswerMany, AnswerOnce } from './local-service';
import type { SubjectIndex } from './subject-index';
import type { Listener, Switchboard } from './switchboard';

interface LocalRegistration extends Registration {
  /** Closes without waiting; callers in hand are told. */
  abandon(): void;
}

/** One service's end of the wire inside a process. Made by `LocalHub.connect`. */
export class LocalWire extends Wire {
  readonly #registrations = new Set<LocalRegistration>();
  readonly #calls = new InHand<LocalCall>();
  #closed = false;

  constructor(private readonly switchboard: Switchboard) {
    super();
  }

  async request(subject: string, message: WireMessage, options: RequestOptions): Promise<WireMessage> {
    const service = this.#find(this.switchboard.requests, subject);
    const { call, held } = this.#begin(subject, message, options);
    try {
      return await call.wait(service.answer(call));
    } finally {
      this.#end(call, held);
    }
  }

  stream(subject: string, message: WireMessage, options: RequestOptions): AsyncIterable<WireMessage> {
    return this.#stream(subject, copyMessage(message), options);
  }

  async serve(subject: string, group: string, handlers: WireHandlers): Promise<Registration> {
    this.#assertOpen();
    const { requests, streams, turns } = this.switchboard;
    const parts = [
      handlers.request && enlist(requests, subject, group, new LocalService<AnswerOnce>(handlers.request.bind(handlers), turns)),
      handlers.stream && enlist(streams, subject, group, new LocalService<AnswerMany>(handlers.stream.bind(handlers), turns)),
    ].filter((part) => part !== undefined);
    return this.#keep({
      close: async () => {
        await Promise.all(parts.map((part) => part.close()));
      },
      abandon: () => parts.forEach((part) => part.abandon()),
    });
  }

  async publish(subject: string, message: WireMessage): Promise<void> {
    this.#assertOpen();
    for (const group of this.switchboard.listeners.route(subject)) group.next()?.(copyMessage(message), subject);
  }

  async subscribe(subject: string, handler: Listener, group?: string): Promise<Registration> {
    this.#assertOpen();
    const leave = this.switchboard.listeners.add(subject, group, deferred(handler, this.switchboard.onFault));
    return this.#keep({ close: async () => leave(), abandon: leave });
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const registration of this.#registrations) registration.abandon();
    this.#registrations.clear();
    for (const call of this.#calls.all()) call.fail(wireClosed());
  }

  async *#stream(subject: string, message: WireMessage, options: RequestOptions): AsyncGenerator<WireMessage, void, void> {
    const service = this.#find(this.switchboard.streams, subject);
    const { call, held } = this.#begin(subject, message, options);
    const replies = service.replies(call);
    let isOver = false;
    try {
      for (;;) {
        const reply = await call.wait(replies.next());
        if (reply.done === true) {
          isOver = true;
          return;
        }
        yield reply.value;
      }
    } finally {
      if (!isOver) call.fail(wireClosed());
      this.#end(call, held);
      if (!isOver) replies.return?.().catch(() => undefined);
    }
  }

  #find<T>(index: SubjectIndex<T>, subject: string): T {
    this.#assertOpen();
    const service = index.route(subject)[0]?.next();
    if (service === undefined) throw noOneListens(subject);
    return service;
  }

  #begin(subject: string, message: WireMessage, options: RequestOptions): { readonly call: LocalCall; readonly held: Held } {
    options.signal?.throwIfAborted();
    const call = new LocalCall(subject, message, options);
    return { call, held: this.#calls.add(call) };
  }

  #end(call: LocalCall, held: Held): void {
    held.leave();
    call.end();
  }

  #keep(registration: LocalRegistration): Registration {
    this.#registrations.add(registration);
    return {
      close: async () => {
        this.#registrations.delete(registration);
        await registration.close();
      },
    };
  }

  #assertOpen(): void {
    if (this.#closed) throw wireClosed();
  }
}

function enlist<Handler extends AnswerOnce | AnswerMany>(
  index: SubjectIndex<LocalService<Handler>>,
  subject: string,
  group: string,
  service: LocalService<Handler>,
): LocalRegistration {
  const leave = index.add(subject, group, service);
  const close = async (): Promise<void> => {
    leave();
    await service.idle();
  };
  const abandon = (): void => {
    leave();
    service.abandon();
  };
  return { close, abandon };
}

/** Runs the handler after the publisher, in the context of its subscription; its fault is reported, never the publisher's. */
function deferred(handler: Listener, onFault: FaultReport): Listener {
  const inOwnContext = AsyncLocalStorage.snapshot();
  const handle: Listener = (message, subject) => {
    try {
      handler(message, subject);
    } catch (fault) {
      onFault(`a subscriber of "${subject}" failed`, fault);
    }
  };
  return (message, subject) => queueMicrotask(() => inOwnContext(handle, message, subject));
}
