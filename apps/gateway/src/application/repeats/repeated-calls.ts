import { DomainError, type Clock } from '@millrace/kernel';
import type { Log } from '@millrace/observability';
import type { CallName, CallRecord, CallRecords } from '../ports/call-records';
import { answerUnknown, keyReused, repeatsUnavailable, stillRunning } from './refusals';

/** A call that its caller may send again and again, and means once. */
export interface RepeatableCall {
  readonly name: CallName;
  /** Digest of what is asked for. */
  readonly request: string;
  /** Milliseconds since 1970 when the call is given up. */
  readonly deadline: number;
  /** Whether its service knows a repeat by the key itself: then it may be made again when nobody knows how the first one went. */
  readonly isHarmless: boolean;
}

/** `answer`: as JSON text. `isReplay`: it is the one that was given before. */
export interface Answered {
  readonly answer: string;
  readonly isReplay: boolean;
}

export interface RepeatedCallsParts {
  readonly records: CallRecords;
  readonly clock: Clock;
  readonly log: Log;
}

/** Until when a call is worked on that is not any more. */
const NOBODY = 0;

/** Makes each call once, whatever is sent twice: who repeats one gets the first answer. */
export class RepeatedCalls {
  constructor(private readonly parts: RepeatedCallsParts) {}

  /**
   * The answer of `make`, or the first one. Refuses with `api.idempotency_key_reused` what is another request,
   * `api.idempotency_running` while the first one is at work, `api.idempotency_answer_unknown` when nobody knows how it went; with
   * `api.idempotency_unavailable`, and without having made it, when it cannot be noted.
   */
  async once(call: RepeatableCall, make: () => Promise<string>): Promise<Answered> {
    const claim = await this.claim(call).catch((error: unknown) => {
      throw error instanceof DomainError && error.refusal === 'unavailable' ? repeatsUnavailable() : error;
    });
    if (typeof claim === 'string') return { answer: claim, isReplay: true };
    try {
      const answer = await make();
      await this.settle(call, answer, claim);
      return { answer, isReplay: false };
    } catch (error) {
      await this.release(call, error, claim);
      throw error;
    }
  }

  /** The revision of a record that is ours now, or the answer there is. */
  private async claim(call: RepeatableCall): Promise<number | string> {
    const { records, clock } = this.parts;
    const mine = await records.write(call.name, recordOf(call), 0);
    if (mine !== undefined) return mine;
    const known = await records.find(call.name);
    if (known === undefined) return this.claim(call);
    if (known.request !== call.request) throw keyReused();
    if (known.answer !== undefined) return known.answer;
    if (known.until > clock.now()) throw stillRunning();
    if (!call.isHarmless) throw answerUnknown();
    return (await records.write(call.name, recordOf(call), known.revision)) ?? this.claim(call);
  }

  /** The call is made, so its answer goes out even if it cannot be kept. */
  private async settle({ name, request }: RepeatableCall, answer: string, revision: number): Promise<void> {
    const { records, log } = this.parts;
    try {
      await records.write(name, { request, until: NOBODY, answer }, revision);
    } catch (error) {
      log.warn('An answer could not be kept for its repeats.', { error, route: name.route });
    }
  }

  /** What was refused for certain may be tried again; of anything else it stays noted that nobody knows. */
  private async release({ name, request }: RepeatableCall, error: unknown, revision: number): Promise<void> {
    const { records } = this.parts;
    const done = didNothing(error) ? records.remove(name, revision) : records.write(name, { request, until: NOBODY }, revision);
    await done.catch((cause: unknown) =>
      this.parts.log.warn('A refused call could not be forgotten.', { error: cause, route: name.route }),
    );
  }
}

function recordOf({ request, deadline }: RepeatableCall): CallRecord {
  return { request, until: deadline };
}

/** A refusal has no effect – but who does not answer may have done it all the same. */
function didNothing(error: unknown): boolean {
  return error instanceof DomainError && (error.refusal !== 'unavailable' || error.code === 'wire.no_one_listens');
}
