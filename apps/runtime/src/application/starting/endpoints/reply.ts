import type { Alarms, Clock, Json } from '@millrace/kernel';
import type { ReplyRequest } from '@millrace/language';
import type { Answer } from '../../execution/answers';
import { outputOf } from '../../../domain/refusals';
import {
  bodyOf,
  chunkOf,
  EMPTY_HEAD,
  headFor,
  isEventStream,
  KEPT_ALIVE,
  streamHead,
  withReply,
  type AnswerPart,
} from '../../../domain/reply';
import { Chunks } from './chunks';

export interface ReplyParts {
  readonly clock: Clock;
  readonly alarms: Alarms;
}

/** Milliseconds of silence after which an answer in chunks says that it goes on, unless the automation says another number. */
const KEEP_ALIVE = 15_000;
/** The most of them: the gateway gives up on answers that say nothing for longer. */
const LONGEST_SILENCE = 300_000;

/** The answer of an endpoint as its run makes it: one body at the end, or chunks from the first `$http.chunk` on. */
export class Reply {
  /** What is ready to be sent while the run goes on. */
  readonly parts = new Chunks<AnswerPart>();
  private readonly first = Promise.withResolvers<void>();
  private head = EMPTY_HEAD;
  private streaming = false;
  private over = false;
  private keepAlive = KEEP_ALIVE;
  private hush = (): void => undefined;

  constructor(
    private readonly run: string,
    private readonly time: ReplyParts,
  ) {}

  /** Resolves with the first chunk: from then on its caller has the beginning of the answer. */
  get begun(): Promise<void> {
    return this.first.promise;
  }

  /** Takes what the run says of its answer; resolves when a chunk was taken off. */
  async take(request: ReplyRequest): Promise<void> {
    this.keepAlive = Math.min(request.sseKeepAlive ?? this.keepAlive, LONGEST_SILENCE);
    if (!this.streaming) this.head = withReply(this.head, request);
    if (request.chunk !== undefined) await this.give(request.chunk);
  }

  /** The run gives nothing more, or nobody takes it. */
  end(): void {
    this.over = true;
    this.hush();
    this.parts.end();
  }

  /** The run was lost: whoever takes its answer gets this error. */
  fail(error: unknown): void {
    this.end();
    this.parts.fail(error);
  }

  /** What is left to be sent when the run has ended. Throws how it failed, unless the answer has begun. */
  *of({ head, ended }: Answer): Generator<AnswerPart> {
    if (this.streaming) {
      if ('output' in ended && !isEmpty(ended.output)) yield { chunk: chunkOf(ended.output) };
      return;
    }
    const output = outputOf(ended, this.run);
    yield { head: headFor(head, output), run: this.run, body: bodyOf(output) };
  }

  private async give(chunk: Json): Promise<void> {
    if (!this.streaming) {
      this.streaming = true;
      this.first.resolve();
      await this.parts.put({ head: streamHead(this.head), run: this.run });
    }
    await this.parts.put({ chunk: chunkOf(chunk) });
    this.waitForMore();
  }

  /** Lets nobody on the way take the connection for dead while the run says nothing. */
  private waitForMore(): void {
    this.hush();
    if (this.over || !isEventStream(streamHead(this.head))) return;
    const { clock, alarms } = this.time;
    this.hush = alarms.set(clock.now() + this.keepAlive, () => void this.parts.put({ chunk: KEPT_ALIVE }).then(() => this.waitForMore()));
  }
}

function isEmpty(output: Json): boolean {
  return output === null || output === '' || (typeof output === 'object' && Object.keys(output).length === 0);
}
