import type { DescMessage, DescMethodServerStreaming, DescMethodUnary, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import { subjectOf } from '@millrace/contracts';
import { MessagePattern } from '@nestjs/microservices';
import { PARAM_ARGS_METADATA } from '@nestjs/microservices/constants';
import type { CallContext } from './call-context';

type Served<I extends DescMessage, O extends DescMessage> = DescMethodUnary<I, O> | DescMethodServerStreaming<I, O>;

type Handler<M> = M extends { methodKind: 'unary'; input: infer I extends DescMessage; output: infer O extends DescMessage }
  ? (request: MessageShape<I>, context: CallContext) => Promise<MessageInitShape<O>>
  : M extends { methodKind: 'server_streaming'; input: infer I extends DescMessage; output: infer O extends DescMessage }
    ? (request: MessageShape<I>, context: CallContext) => AsyncIterable<MessageInitShape<O>>
    : never;

/**
 * Marks the handler of a method: it takes the method's request and the call's context and gives the method's answer (a stream of
 * them for a streaming method). A handler with another method's types does not compile.
 */
export function Rpc<M extends Served<DescMessage, DescMessage>>(
  method: M,
): <H extends Handler<M>>(target: object, key: string, descriptor: TypedPropertyDescriptor<H>) => void {
  return (target, key, descriptor) => {
    // It takes what the BusServer hands it, in that order: with parameters to look up, Nest would go through three promises for each.
    Reflect.defineMetadata(PARAM_ARGS_METADATA, {}, target.constructor, key);
    MessagePattern(subjectOf(method), { method })(target, key, descriptor);
  };
}
