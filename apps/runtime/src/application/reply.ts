import type { Json } from '@millrace/kernel';
import type { Ended, ReplyRequest } from '@millrace/language';
import { outputOf } from '../domain/refusals';
import { bodyOf, chunkOf, EMPTY_HEAD, headFor, streamHead, withReply, type ReplyHead } from '../domain/reply';
import { Chunks } from './chunks';

/** A part of an endpoint's answer: the head first, once, then the body. */
export type AnswerPart = { readonly head: ReplyHead; readonly run: string } | { readonly chunk: string };

/** The answer of an endpoint as its run makes it: one body at the end, or chunks from the first `$http.chunk` on. */
export class Reply {
  /** What is ready to be sent while the run goes on. */
  readonly parts = new Chunks<AnswerPart>();
  private head = EMPTY_HEAD;
  private streaming = false;

  constructor(private readonly run: string) {}

  /** Takes what the run says of its answer; resolves when a chunk was taken off. */
  async take(request: ReplyRequest): Promise<void> {
    if (!this.streaming) this.head = withReply(this.head, request);
    if (request.chunk === undefined) return;
    if (!this.streaming) await this.parts.put({ head: streamHead(this.head), run: this.run });
    this.streaming = true;
    await this.parts.put({ chunk: chunkOf(request.chunk) });
  }

  /** What is left to be sent when the run has ended. Throws how it failed, unless the answer has begun. */
  *rest(ended: Ended): Generator<AnswerPart> {
    if (this.streaming) {
      if ('output' in ended && !isEmpty(ended.output)) yield { chunk: chunkOf(ended.output) };
      return;
    }
    const output = outputOf(ended, this.run);
    yield { head: headFor(this.head, output), run: this.run };
    yield { chunk: bodyOf(output) };
  }
}

function isEmpty(output: Json): boolean {
  return output === null || output === '' || (typeof output === 'object' && Object.keys(output).length === 0);
}
