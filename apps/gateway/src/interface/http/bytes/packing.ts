import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { addVary } from '../door/vary';
import { codingFor, type Coding } from './coding';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answers leave as they are: what a guess can be packed with must not show by its length (sign-in), or is packed already. */
    isNeverPacked?: boolean;
  }
}

/** Bytes below which packing costs more than it saves. */
const LEAST = 1_024;
const PACKABLE = /^(?:text\/|application\/(?:[\w.-]+\+)?(?:json|yaml|xml)\b|application\/javascript\b|image\/svg\+xml)/;
/** What is made anew for each request is packed as fast as it is worth. */
const QUALITY = 4;

const pack: Readonly<Record<Coding, (bytes: Uint8Array) => Promise<Buffer>>> = {
  br: (bytes) =>
    promisify(brotliCompress)(bytes, {
      params: { [constants.BROTLI_PARAM_QUALITY]: QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
    }),
  gzip: promisify(gzip),
};

/** Packs answers that are there as a whole and worth it. Streams are left alone: what flows must not be held back. */
export function packAnswers(fastify: FastifyInstance): void {
  fastify.addHook('onSend', async (request, reply, payload) => {
    const bytes = bytesOf(payload);
    if (bytes === undefined || bytes.length < LEAST || !isPackable(request, reply)) return payload;
    addVary(reply, 'Accept-Encoding');
    const coding = codingFor(request.headers['accept-encoding']);
    if (coding === undefined) return payload;
    const packed = await pack[coding](bytes);
    reply.header('content-encoding', coding).header('content-length', packed.length);
    return packed;
  });
}

function bytesOf(payload: unknown): Uint8Array | undefined {
  if (typeof payload === 'string') return payload.length * 3 < LEAST ? undefined : Buffer.from(payload);
  return payload instanceof Uint8Array ? payload : undefined;
}

function isPackable({ routeOptions, routeClass }: FastifyRequest, reply: FastifyReply): boolean {
  const { isNeverPacked, routeClass: ownClass } = routeOptions.config;
  if (isNeverPacked === true || (routeClass ?? ownClass) === 'sign-in' || reply.hasHeader('content-encoding')) return false;
  return PACKABLE.test(String(reply.getHeader('content-type')));
}
