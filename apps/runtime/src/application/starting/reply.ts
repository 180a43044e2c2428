import type { Json } from '@millrace/kernel';
import type { ReplyRequest } from '@millrace/language';
import type { Answer } from '../execution/answers';
import { outputOf } from '../../domain/refusals';
import { bodyOf, chunkOf, EMPTY_HEAD, headFor, streamHead, withReply, type AnswerPart } from '../../domain/reply';
import { Chunks } from './chunks';

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
  *of({ head, ended }: Answer): Generator<AnswerPart> {
    if (this.streaming) {
      if ('output' in ended && !isEmpty(ended.output)) yield { chunk: chunkOf(ended.output) };
      return;
    }
    const output = outputOf(ended, this.run);
    yield { head: headFor(head, output), run: this.run };
    yield { chunk: bodyOf(output) };
  }
}

function isEmpty(output: Json): boolean {
  return output === null || output === '' || (typeof output === 'object' && Object.keys(output).length === 0);
}
