import type { Json } from '@millrace/kernel';
import { refusalOf } from '../problems/codes';
import type { EffectError } from '../problems/failure';
import type { Effect } from '../step/effects';
import { isList, isMap, numberOf, ownOf, textOf } from '../values/value';
import type { Answer, Answers } from './answers';
import { printedRequest } from './request';

type Tried = Extract<Effect, { kind: 'fetch' | 'action' | 'auth' | 'module' }>;

interface Outside {
  after(delay: number, happen: () => void): void;
  settle(outcome: { readonly value?: Json; readonly error?: EffectError }): void;
  stream(items: readonly Json[]): Json;
}

const AGAIN: ReadonlySet<string> = new Set(['429', '502', '503', '504', 'runtime.fetch_unreachable']);

/** The attempts of one effect: each takes an answer; delays are without jitter. */
export class Tries {
  private attempt = 0;

  constructor(
    private readonly effect: Tried,
    private readonly answers: Answers,
    private readonly outside: Outside,
  ) {}

  first(): void {
    this.attempt += 1;
    const answer = this.answers.take(this.effect.kind, printedRequest(this.effect));
    if (answer === undefined) {
      const message = `There is no answer for \`${this.effect.kind}\` among the effects of the case.`;
      this.outside.settle({ error: { code: 'offline.no_result', message, refusal: refusalOf('offline.no_result') } });
      return;
    }
    const { timeout } = this.effect;
    const late = timeout !== undefined && answer.after > timeout;
    const found: Answer = late ? { error: { code: 'runtime.step_timeout', retryable: true }, after: timeout } : answer;
    if (found.after > 0) this.outside.after(found.after, () => this.take(found));
    else this.take(found);
  }

  private take(answer: Answer): void {
    const { retry } = this.effect;
    if (retry === undefined || this.attempt >= retry.attempts || !this.isTriedAgain(answer)) {
      this.outside.settle(answer.error === undefined ? { value: this.valueOf(answer.result ?? null) } : { error: answer.error });
      return;
    }
    const delay = Math.min(retry.maxDelay, retry.delay * retry.factor ** (this.attempt - 1));
    this.outside.after(delay, () => this.first());
  }

  private isTriedAgain({ error, result }: Answer): boolean {
    const status = isMap(result) && this.effect.kind === 'fetch' ? textOf(ownOf(result, 'status') ?? 200) : '';
    const reason = error?.code ?? status;
    const { on } = this.effect.retry ?? {};
    if (on !== undefined) return on.some((one) => one === reason || (one.endsWith('xx') && status.startsWith(one.charAt(0))));
    return error?.retryable === true || AGAIN.has(reason);
  }

  private valueOf(result: Json): Json {
    if (this.effect.kind !== 'fetch') return result;
    const given = isMap(result) ? result : {};
    const stream = ownOf(given, 'stream');
    const answer = { status: numberOf(ownOf(given, 'status')) ?? 200, headers: ownOf(given, 'headers') ?? {} };
    return isList(stream) ? { ...answer, stream: this.outside.stream(stream) } : { ...answer, body: ownOf(given, 'body') ?? null };
  }
}
