import { EventEmitter, once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { DomainError, type Ids } from '@millrace/kernel';
import type { Log } from '@millrace/observability';
import type { Measures } from '../../application/measures';
import { problemOf } from '../sockets/problem';
import { askedStream } from './asked';
import { Stream, type StreamParts } from './stream';

export interface StreamDoorParts extends StreamParts {
  readonly measures: Measures;
  readonly ids: Ids;
  readonly log: Log;
}

/** The event streams of this instance: what sockets bring, for clients that speak plain HTTP. */
export class StreamDoor {
  private readonly streams = new Set<Stream>();
  private readonly left = new EventEmitter();
  private draining = false;

  constructor(private readonly parts: StreamDoorParts) {}

  /** How many are open. */
  get open(): number {
    return this.streams.size;
  }

  /** Answers a request with a stream, or says why not. */
  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { ids } = this.parts;
    const asked = askedStream(request);
    if (asked === undefined) {
      response.writeHead(404).end();
      return;
    }
    try {
      if (this.draining) throw leaving();
      this.hold(await Stream.open(this.parts, { id: ids.mint('est'), request, response }, asked), response);
    } catch (error) {
      this.refuse(response, error);
    }
  }

  /** Sends every client elsewhere, and lets nobody in any more. Resolves when all have gone. */
  async drain(): Promise<void> {
    this.draining = true;
    for (const { outlet } of this.streams) outlet.drain();
    if (this.streams.size > 0) await once(this.left, 'all');
  }

  private hold(stream: Stream, response: ServerResponse): void {
    const { connections, closed } = this.parts.measures;
    this.streams.add(stream);
    connections.inc({ transport: 'stream' });
    const leave = (): void => {
      if (!this.streams.delete(stream)) return;
      stream.close();
      connections.dec({ transport: 'stream' });
      closed.inc({ reason: stream.outlet.ended ?? 'transport close' });
      if (this.streams.size === 0) this.left.emit('all');
    };
    response.once('close', leave);
    if (response.destroyed) leave();
  }

  private refuse(response: ServerResponse, error: unknown): void {
    if (!(error instanceof DomainError)) this.parts.log.error('A stream could not be opened.', { error });
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const problem = problemOf(error);
    response.writeHead(problem.status, { 'content-type': 'application/json' }).end(JSON.stringify(problem));
  }
}

function leaving(): DomainError {
  return new DomainError('events.draining', 'unavailable', 'This process takes no streams any more. Ask again: another one does.');
}
