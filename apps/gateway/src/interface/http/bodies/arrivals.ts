import type { FastifyReply, FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route takes its body as it comes, and judges by itself how fast it must. */
    streamsBody?: boolean;
  }
}

export interface ArrivalLimits {
  /** Milliseconds in which a body must be there. */
  readonly patience: number;
  /** Milliseconds for which a body that nobody wants may go on, so that its sender hears the answer. */
  readonly lingering: number;
}

/** Sees to it that bodies arrive: who sends one slowly, or goes on after the answer, does not hold a connection for ever. */
export class Arrivals {
  constructor(
    private readonly limits: ArrivalLimits,
    private readonly tooLate: (request: FastifyRequest) => void,
  ) {}

  watch(request: FastifyRequest, { raw: response }: FastifyReply): void {
    const { raw } = request;
    if (!hasBody(request)) return;
    const { patience, lingering } = this.limits;
    let timer: NodeJS.Timeout | undefined;
    if (request.routeOptions.config.streamsBody !== true) {
      timer = setTimeout(() => this.tooLate(request), patience).unref();
      const arrived = (): void => clearTimeout(timer);
      raw.once('end', arrived).once('close', arrived);
    }
    response.once('finish', () => {
      clearTimeout(timer);
      if (raw.complete) return;
      timer = setTimeout(() => raw.socket.destroy(), lingering).unref();
      // Node lets flow off only what nobody has begun to read.
      raw.resume();
    });
  }
}

function hasBody({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}
