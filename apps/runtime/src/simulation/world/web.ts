import type { Json, JsonMap, Alarms, Clock } from '@millrace/kernel';
import type { FetchRequest } from '@millrace/language';
import type { Chance } from '@millrace/testing';
import { Fetcher, type FetchOptions, type FetchOutcome } from '../../application/ports/fetcher';

/** A call that reached the web: what it was called with, as text, by its idempotency key. */
export interface WebCall {
  readonly key: string;
  readonly request: string;
}

const LONGEST = 2_500;
const AWAY = { error: { code: 'runtime.fetch_unreachable', refusal: 'unavailable', message: 'Nobody answers there.' } } as const;

/** What lies outside: it answers, and keeps what it was asked. Outlives every process. */
export class Web {
  readonly calls: WebCall[] = [];
  private given = 0;

  constructor(readonly chance: Chance) {}

  /** What comes of a call; the last part of the path says what kind of a place it is. */
  answer({ url, body }: FetchRequest): FetchOutcome {
    switch (url.split('/').at(-1)) {
      case 'same':
        return ok({ value: `made of ${idOf(body ?? null)}` });
      case 'refused':
        return { value: { status: 503, headers: {}, body: {} } };
      case 'away':
        return AWAY;
      case 'moody':
        return this.chance.happens(0.5) ? AWAY : this.next();
      default:
        return this.next();
    }
  }

  /** Another answer each time. */
  private next(): FetchOutcome {
    return ok({ value: `answer ${++this.given}` });
  }
}

/** The web as one process has it: answers take some time, and do not reach a process that is gone. */
export class WebFetcher extends Fetcher {
  constructor(
    private readonly web: Web,
    private readonly clock: Clock,
    private readonly alarms: Alarms,
  ) {
    super();
  }

  override async fetch(request: FetchRequest, { idempotencyKey }: FetchOptions): Promise<FetchOutcome> {
    this.web.calls.push({ key: idempotencyKey, request: JSON.stringify(request) });
    const outcome = this.web.answer(request);
    const at = this.clock.now() + this.web.chance.below(LONGEST);
    await new Promise<void>((resolve) => this.alarms.set(at, resolve));
    return outcome;
  }

  override next(): Promise<FetchOutcome> {
    return Promise.resolve({ error: { code: 'runtime.stream_lost' } });
  }

  override closeStreams(): void {
    // Nothing here answers with a stream.
  }

  override async close(): Promise<void> {
    // There is nothing to let go of.
  }
}

function ok(body: JsonMap): FetchOutcome {
  return { value: { status: 200, headers: {}, body } };
}

function idOf(body: Json): string {
  return typeof body === 'object' && body !== null && 'id' in body ? JSON.stringify(body['id']) : '';
}
