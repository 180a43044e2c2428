import { DomainError } from '@millrace/kernel';
import type { Ended, ReplyRequest } from '@millrace/language';
import type { Bucket, Watch } from '@millrace/messaging';
import type { ReplyHead } from '../../domain/reply';
import type { Run } from '../../domain/run';

/** Milliseconds an answer is kept. */
const KEPT = 86_400_000;

/** What an endpoint's run has to say. */
export interface Answer {
  readonly head: ReplyHead;
  readonly ended: Ended;
}

/** Takes the parts of an endpoint's answer. Awaited, so that a slow reader slows the run. */
export type TakeReply = (request: ReplyRequest) => Promise<void>;

/** An answer that somebody was promised: to be had by its token, by the principal it was promised to. */
export interface PromisedAnswer {
  readonly run: string;
  readonly workspaceId: string;
  /** Whoever called, as `kind:id`; absent: nobody known. */
  readonly principal?: string;
  /** Absent: the run goes on. */
  readonly answer?: Answer;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The answers of runs whose callers come back for them; kept for 24 h, by result token or, for runs with a key, by run id. */
export class Answers {
  constructor(private readonly bucket: Bucket) {}

  /** Remembers that somebody will come back; whoever was promised the same before is not forgotten. Durable when it resolves. */
  async promise({ id, workspaceId, resultToken }: Run, principal: string | undefined): Promise<void> {
    const promised = { run: id, workspaceId, ...(principal === undefined ? {} : { principal }) };
    try {
      await this.bucket.putIf(resultToken ?? id, encode(promised), 0, { ttl: KEPT });
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'kv.revision_conflict') throw error;
    }
  }

  /** Keeps an answer if anybody may come back for it. `told`: somebody may have been given the token. */
  async give({ id, workspaceId, keyed, resultToken }: Run, answer: Answer, told: boolean): Promise<void> {
    if (keyed === true) await this.put(id, { run: id, workspaceId, answer });
    const promised = (told || keyed === true) && resultToken !== undefined ? await this.find(resultToken) : undefined;
    if (promised !== undefined && resultToken !== undefined) await this.put(resultToken, { ...promised, answer });
  }

  async find(key: string): Promise<PromisedAnswer | undefined> {
    const entry = await this.bucket.get(key);
    return entry === undefined ? undefined : (JSON.parse(decoder.decode(entry.value)) as PromisedAnswer);
  }

  /** Resolves with the answer, whichever instance gives it; undefined once `signal` is aborted. */
  async awaited(key: string, signal: AbortSignal): Promise<Answer | undefined> {
    const { promise, resolve } = Promise.withResolvers<Answer | undefined>();
    const onAbort = (): void => resolve(undefined);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    const watch: Watch = await this.bucket.watch(key, ({ key: seen, value }) => {
      const { answer } = seen === key && value !== undefined ? (JSON.parse(decoder.decode(value)) as PromisedAnswer) : {};
      if (answer !== undefined) resolve(answer);
    });
    try {
      return await promise;
    } finally {
      signal.removeEventListener('abort', onAbort);
      await watch.stop();
    }
  }

  private async put(key: string, answer: PromisedAnswer): Promise<void> {
    await this.bucket.put(key, encode(answer), { ttl: KEPT });
  }
}

function encode(answer: PromisedAnswer): Uint8Array {
  return encoder.encode(JSON.stringify(answer));
}
