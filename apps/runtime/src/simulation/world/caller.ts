import { DomainError } from '@millrace/kernel';
import type { SimulatedProcess } from '@millrace/testing';
import type { AnswerPart } from '../../domain/reply';
import type { CallDeed } from '../scenario/scenario';
import { callBy, WORKSPACE, type SimulatedRuntime } from './simulated-runtime';

/** What a caller was told in the end. */
export interface CallAnswer {
  /** 0: the run failed or was cancelled; the body is the code. */
  readonly status: number;
  readonly body: string;
}

/** Milliseconds after which a caller believes that nobody is there. */
const PATIENCE = 40_000;
const REST = 500;
const CALLER = 'usr_caller';

const encoder = new TextEncoder();

/** Calls an endpoint until it is answered: again after a crash, later when told to come back. */
export class Caller {
  constructor(
    private readonly outside: SimulatedProcess,
    private readonly choose: () => SimulatedRuntime | undefined,
  ) {}

  async call({ path, key, payload }: CallDeed): Promise<CallAnswer> {
    const headers = { 'content-type': 'application/json', 'idempotency-key': key };
    const call = { method: 'POST', path, query: '', headers, body: encoder.encode(JSON.stringify(payload)), ip: '' };
    const answer = await this.untilThere(({ endpoint }) => endpoint.run(callBy(CALLER), WORKSPACE, call));
    return answer.status === 202 ? this.comeBack(answer) : answer;
  }

  private async comeBack(accepted: CallAnswer): Promise<CallAnswer> {
    const { result } = JSON.parse(accepted.body) as { readonly result: string };
    const token = result.split('/').at(-1) ?? '';
    for (let answer = accepted; ;) {
      if (answer.status !== 202) return answer;
      await this.rest();
      answer = await this.untilThere(({ results }) => results.run(callBy(CALLER), token, 20_000));
    }
  }

  private async untilThere(ask: (runtime: SimulatedRuntime) => AsyncIterable<AnswerPart>): Promise<CallAnswer> {
    for (;;) {
      const runtime = this.choose();
      const answer = runtime === undefined ? undefined : await Promise.race([answerOf(ask(runtime)), this.patience()]);
      if (answer !== undefined) return answer;
      await this.rest();
    }
  }

  private patience(): Promise<undefined> {
    return new Promise((resolve) => this.outside.alarms.set(this.outside.clock.now() + PATIENCE, () => resolve(undefined)));
  }

  private rest(): Promise<void> {
    return new Promise((resolve) => this.outside.alarms.set(this.outside.clock.now() + REST, resolve));
  }
}

/** Undefined: the process could not see to it, which is a 503 to the caller. */
async function answerOf(parts: AsyncIterable<AnswerPart>): Promise<CallAnswer | undefined> {
  let [status, body] = [0, ''];
  try {
    for await (const part of parts) {
      if ('head' in part) ({ status } = part.head);
      body += 'head' in part ? (part.body ?? '') : part.chunk;
    }
    return { status, body };
  } catch (error) {
    return error instanceof DomainError ? { status: 0, body: error.code } : undefined;
  }
}
