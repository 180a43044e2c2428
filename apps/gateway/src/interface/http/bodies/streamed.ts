import type { FastifyInstance } from 'fastify';

/** Mounts routes whose body is not read for them: `request.body` is the stream of it, whatever its media type. */
export function mountStreamed(fastify: FastifyInstance, mount: (scope: FastifyInstance) => void): void {
  void fastify.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, payload, next) => next(null, payload));
    mount(scope);
    done();
  });
}
