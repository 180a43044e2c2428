import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { malformed } from '../problems/refusals';

/**
 * Lets who sends `Expect: 100-continue` wait with its body until the request has been let in: what is refused for its head is answered
 * without the body having been sent. Without this, Node asks for every body before anybody has looked.
 */
export class Expectations {
  /** Requests whose bodies wait to be asked for. */
  private readonly waiting = new WeakSet<IncomingMessage>();
  private readonly unknown = new WeakSet<IncomingMessage>();

  mount(fastify: FastifyInstance): void {
    const note = (requests: WeakSet<IncomingMessage>) => (request: IncomingMessage, response: ServerResponse) => {
      requests.add(request);
      fastify.server.emit('request', request, response);
    };
    fastify.server.on('checkContinue', note(this.waiting)).on('checkExpectation', note(this.unknown));
    fastify.addHook('onRequest', (request, _reply, done) => done(this.unknown.has(request.raw) ? expectationUnknown() : undefined));
    fastify.addHook('preParsing', (request, reply, _payload, done) => {
      this.ask(request, reply);
      done();
    });
    fastify.addHook('onSend', (request, reply, _payload, done) => {
      // Whether the body still comes is up to the sender, so what follows on this connection could be either.
      if (this.waiting.has(request.raw)) reply.header('connection', 'close');
      done();
    });
  }

  private ask({ raw }: FastifyRequest, reply: FastifyReply): void {
    if (this.waiting.delete(raw)) reply.raw.writeContinue();
  }
}

function expectationUnknown(): Error {
  return malformed('expectation_unknown', 'The header "Expect" asks for something that is not known here. Leave it out.');
}
