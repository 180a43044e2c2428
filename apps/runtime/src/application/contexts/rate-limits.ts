import type { Clock, Ids, Json, JsonMap } from '@millrace/kernel';
import type { Bucket, Entry } from '@millrace/messaging';
import { take, type Taking } from '../../domain/contexts/rate';
import { Cells, type Change } from './cells/cells';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The buckets of the instruction `rateLimit` (`language.md` §6.10): one per app instance, name and consumer, for all processes. */
export class RateLimits {
  private readonly cells: Cells;

  constructor(
    bucket: Bucket,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {
    this.cells = new Cells(bucket);
  }

  /**
   * Takes `consume` from a bucket of `limit` that fills up in `window` milliseconds: `{ ok, limit, remaining, retryAfter, window, consumer }`,
   * times in seconds. Taking too much takes nothing.
   */
  async take(workspaceId: string, instance: string, request: JsonMap): Promise<Json> {
    const { name, consumer, limit, window, consume } = asked(request);
    const key = this.ids.derive('rate', workspaceId, instance, name, consumer);
    const { ok, remaining, retryAfter } = await this.cells.change(key, (found) => {
      const now = this.clock.now();
      return kept(found, take(fullAtIn(found), { limit, window }, consume, now), now);
    });
    return { ok, limit, remaining, retryAfter: Math.ceil(retryAfter / 1000), window: window / 1000, consumer };
  }
}

interface Asked {
  readonly name: string;
  readonly consumer: string;
  readonly limit: number;
  readonly window: number;
  readonly consume: number;
}

/** The language has seen to the types; defaults are its own. */
function asked({ name = '', consumer = '', limit, window, consume = 1 }: JsonMap): Asked {
  return { name: text(name), consumer: text(consumer), limit: Number(limit), window: Number(window), consume: Number(consume) };
}

function text(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function fullAtIn(found: Entry | undefined): number | undefined {
  return found === undefined ? undefined : Number(decoder.decode(found.value));
}

/** A bucket is kept until it is full, and not written when nothing was taken. */
function kept(found: Entry | undefined, taking: Taking, now: number): Change<Taking> {
  const { fullAt } = taking;
  if (fullAt <= Math.max(fullAtIn(found) ?? now, now)) return { answer: taking };
  return { answer: taking, value: encoder.encode(String(fullAt)), ttl: Math.ceil(fullAt - now) };
}
