import type { DescMethod, MessageInitShape } from '@bufbuild/protobuf';
import { groupOf, problemsOf } from '@millrace/contracts';
import { DomainError, type Clock } from '@millrace/kernel';
import { withIds, type Log, type WorkIds } from '@millrace/observability';
import { Catch, type RpcExceptionFilter } from '@nestjs/common';
import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import { isObservable, lastValueFrom, throwError, type Observable } from 'rxjs';
import type { Registration, Wire, WireMessage, WireRequest } from '../wire/wire';
import { HEADER, type CallContext } from './call-context';
import { decodeMessage, encodeMessage } from './long-messages';
import type { Passports } from './passports';
import { problemReply } from './problems';

const DEFAULT_PATIENCE = 30_000;

/** Until it is given away. */
type Writable<T> = { -readonly [K in keyof T]: T[K] };

export interface BusServerParts {
  readonly wire: Wire;
  readonly passports: Passports;
  readonly clock: Clock;
  readonly log: Log;
}

/** Lets what a handler threw reach the BusServer as it is: Nest would turn it into a text of its own. */
@Catch()
class PassOn implements RpcExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}

/**
 * Nest's way onto the Wire: serves each `@Rpc` handler on its subject, in the service's queue group. Before a handler runs, the
 * principal is proved and the request checked; what it throws is answered as a problem, and a fault is logged with its stack.
 */
export class BusServer extends Server implements CustomTransportStrategy {
  /** What an app that is served by it needs as a global filter: what a handler throws comes here as it is. */
  static readonly filter: RpcExceptionFilter = new PassOn();

  private registrations: Registration[] = [];

  constructor(private readonly parts: BusServerParts) {
    super();
  }

  listen(callback: (error?: unknown) => void): void {
    Promise.all([...this.messageHandlers].map(([subject, handler]) => this.serve(subject, handler))).then(
      (registrations) => {
        this.registrations = registrations;
        callback();
      },
      (error: unknown) => callback(error),
    );
  }

  /** The methods it answers. */
  served(): readonly { readonly subject: string; readonly method: DescMethod }[] {
    return [...this.messageHandlers].map(([subject, handler]) => ({ subject, method: methodOf(handler) }));
  }

  /** Takes no new calls and waits for those in hand. */
  async close(): Promise<void> {
    await Promise.all(this.registrations.map((registration) => registration.close()));
  }

  override on(): never {
    throw new Error('The bus has no events of its own.');
  }

  override unwrap<T>(): T {
    return this.parts.wire as T;
  }

  private serve(subject: string, handler: MessageHandler): Promise<Registration> {
    const method = methodOf(handler);
    const group = groupOf(method);
    if (method.methodKind === 'unary') {
      return this.parts.wire.serve(subject, group, { request: (request) => this.answer(method, handler, request) });
    }
    return this.parts.wire.serve(subject, group, { stream: (request) => this.answers(method, handler, request) });
  }

  private async answer(method: DescMethod, handler: MessageHandler, request: WireRequest): Promise<WireMessage> {
    try {
      const context = await this.contextOf(request);
      const result = await this.run(context, async () => settle(await handler(await this.decode(method, request), context)));
      return await encode(method, result);
    } catch (error) {
      return this.refuse(request, error);
    }
  }

  private async *answers(method: DescMethod, handler: MessageHandler, request: WireRequest): AsyncGenerator<WireMessage> {
    try {
      const context = await this.contextOf(request);
      const results = await this.run(context, async () => settle(await handler(await this.decode(method, request), context)));
      for await (const result of within(context, results as AsyncIterable<unknown>)) {
        yield await encode(method, result);
      }
    } catch (error) {
      yield this.refuse(request, error);
    }
  }

  private run<T>(context: CallContext, work: () => Promise<T>): Promise<T> {
    return withIds(idsOf(context), work);
  }

  private async decode(method: DescMethod, request: WireRequest): Promise<object> {
    const message = await decodeMessage(method.input, request.body);
    const errors = problemsOf(method.input, message);
    if (errors.length === 0) return message;
    throw new DomainError('api.invalid', 'invalid', errors.map(({ pointer, detail }) => `${pointer}: ${detail}`).join('; '), { errors });
  }

  private async contextOf({ headers, signal }: WireRequest): Promise<CallContext> {
    const passport = headers[HEADER.passport];
    const principal = await this.parts.passports.verify(passport);
    const deadline = Number(headers[HEADER.deadline] ?? this.parts.clock.now() + DEFAULT_PATIENCE);
    const context: Writable<CallContext> = { principal, correlationId: headers[HEADER.correlation] ?? '', deadline, signal };
    const causationId = headers[HEADER.causation];
    const traceparent = headers[HEADER.trace];
    if (passport !== undefined) context.passport = passport;
    if (causationId !== undefined) context.causationId = causationId;
    if (traceparent !== undefined) context.traceparent = traceparent;
    return context;
  }

  private refuse(request: WireRequest, error: unknown): WireMessage {
    if (!(error instanceof DomainError)) {
      this.parts.log.error('A call failed.', { error, subject: request.subject, correlationId: request.headers[HEADER.correlation] });
    }
    return problemReply(error);
  }
}

async function encode(method: DescMethod, result: unknown): Promise<WireMessage> {
  return { body: await encodeMessage(method.output, result as MessageInitShape<typeof method.output>), headers: {} };
}

function idsOf({ correlationId, principal }: CallContext): WorkIds {
  return { correlationId, user: principal.id };
}

/** Draws each item under the call's ids: a generator's body runs when it is drawn from, not when it was made. */
async function* within(context: CallContext, items: AsyncIterable<unknown>): AsyncGenerator {
  const iterator = items[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await withIds(idsOf(context), () => iterator.next());
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    await iterator.return?.();
  }
}

function settle(result: unknown): unknown {
  return isObservable(result) ? lastValueFrom(result) : result;
}

function methodOf(handler: MessageHandler): DescMethod {
  return handler.extras?.['method'] as DescMethod;
}
