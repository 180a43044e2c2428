import { DomainError } from '@millrace/kernel';
import type { Alarms, Clock } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { accepted } from '../../../domain/preference';
import type { AnswerPart } from '../../../domain/reply';
import type { Answers } from '../../execution/answers';
import { Reply } from './reply';

export interface GetResultParts {
  readonly answers: Answers;
  readonly clock: Clock;
  readonly alarms: Alarms;
}

/** Gives the answer of an endpoint to the caller that was told to come back for it. */
export class GetResult {
  constructor(private readonly parts: GetResultParts) {}

  /** `wait`: milliseconds to wait for it. Without an answer yet: 202 again. A failed run is refused as invalid, with its own code. */
  async *run({ principal }: CallContext, token: string, wait: number): AsyncGenerator<AnswerPart> {
    const { answers, clock, alarms } = this.parts;
    const promised = await answers.find(token);
    const caller = `${principal.kind}:${principal.id}`;
    if (promised === undefined || (promised.principal !== undefined && promised.principal !== caller)) throw resultGone(token);
    const over = new AbortController();
    const stop = alarms.set(clock.now() + wait, () => over.abort());
    const answer = promised.answer ?? (wait === 0 ? undefined : await answers.awaited(token, over.signal));
    stop();
    if (answer === undefined) {
      yield* accepted({ id: promised.run, resultToken: token });
      return;
    }
    try {
      yield* new Reply(promised.run, this.parts).of(answer);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      throw new DomainError(error.code, 'invalid', error.message, { facts: error.facts });
    }
  }
}

function resultGone(token: string): DomainError {
  const message = 'There is no such result: it was never promised to you, or its 24 hours are over. Call the endpoint again.';
  return new DomainError('runtime.result_gone', 'not-found', message, { facts: { token } });
}
