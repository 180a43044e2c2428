import {
  type DescMessage,
  type DescMethodServerStreaming,
  type DescMethodUnary,
  type MessageInitShape,
  type MessageShape,
} from '@bufbuild/protobuf';
import { subjectOf } from '@millrace/contracts';
import type { Clock } from '@millrace/kernel';
import { wireTimeout, type Wire, type WireMessage } from '../wire/wire';
import { HEADER, type CallContext } from './call-context';
import { decodeMessage, encodeMessage } from './long-messages';
import type { Passports } from './passports';
import { throwProblem } from './problems';

/**
 * Typed calls of other services. Subject, queue group, deadline, trace and signed identity are the bus's business. A refusal of the
 * other side is thrown as the same DomainError; its fault as RemoteFault; what the wire says (`wire.no_one_listens`, `wire.timeout`)
 * as it is.
 */
export class Bus {
  constructor(
    private readonly wire: Wire,
    private readonly passports: Passports,
    private readonly clock: Clock,
  ) {}

  /** One request, one answer. */
  async call<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: MessageInitShape<I>,
    context: CallContext,
  ): Promise<MessageShape<O>> {
    const { subject, message, options } = await this.prepare(method, request, context);
    const reply = await this.wire.request(subject, message, options);
    throwProblem(subject, reply);
    return decodeMessage(method.output, reply.body);
  }

  /** One request, many answers in order. Leaving the loop cancels the work on the other side. */
  async *stream<I extends DescMessage, O extends DescMessage>(
    method: DescMethodServerStreaming<I, O>,
    request: MessageInitShape<I>,
    context: CallContext,
  ): AsyncGenerator<MessageShape<O>, void, undefined> {
    const { subject, message, options } = await this.prepare(method, request, context);
    for await (const reply of this.wire.stream(subject, message, options)) {
      throwProblem(subject, reply);
      yield await decodeMessage(method.output, reply.body);
    }
  }

  private async prepare<I extends DescMessage>(
    method: DescMethodUnary<I> | DescMethodServerStreaming<I>,
    request: MessageInitShape<I>,
    context: CallContext,
  ): Promise<{ subject: string; message: WireMessage; options: { timeout: number; signal?: AbortSignal } }> {
    const subject = subjectOf(method);
    const timeout = context.deadline - this.clock.now();
    if (timeout <= 0) throw wireTimeout(subject, 0);
    const headers: Record<string, string> = {
      [HEADER.passport]: context.passport ?? (await this.passports.sign(context.principal, timeout)),
      [HEADER.correlation]: context.correlationId,
      [HEADER.deadline]: String(context.deadline),
    };
    if (context.causationId !== undefined) headers[HEADER.causation] = context.causationId;
    if (context.traceparent !== undefined) headers[HEADER.trace] = context.traceparent;
    const body = await encodeMessage(method.input, request);
    const options = context.signal === undefined ? { timeout } : { timeout, signal: context.signal };
    return { subject, message: { body, headers }, options };
  }
}
