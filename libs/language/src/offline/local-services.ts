import type { Json, JsonMap } from '@millrace/kernel';
import { LanguageError } from '../problems/language-error';
import type { Effect, TopicRequest } from '../step/effects';
import { durationOf } from '../time/duration';
import { isoOf } from '../time/instant';
import { take } from '../values/rate';
import type { Bucket } from '../values/rate';
import { isList, isMap, ownOf, textOf } from '../values/value';
import type { OfflineContexts } from './contexts';
import { OFFLINE } from './settings';

/** What the offline world answers by itself: contexts, topics, rate limits, rights, streams. */
export class LocalServices {
  private readonly buckets = new Map<string, Bucket>();
  private readonly topics = new Map<string, ReadonlySet<string>>();
  private readonly streams: Json[][] = [];

  constructor(private readonly contexts: OfflineContexts) {}

  /** The value of an effect. Throws what is refused. */
  answer(effect: Effect, now: number): Json {
    switch (effect.kind) {
      case 'load':
        return this.contexts.load(effect.request);
      case 'write':
        return this.contexts.write(effect.request);
      case 'chunk':
        return this.chunk(effect.request.stream);
      case 'rateLimit':
        return this.rateLimit(effect.request, now);
      case 'topic':
        return this.topic(effect.request);
      case 'authorize':
        return { allowed: true };
      default:
        return null;
    }
  }

  /** Opens a stream of items; its handle. */
  open(items: readonly Json[]): Json {
    this.streams.push(items.map((item, index) => ({ index, chunk: { data: isList(item) ? item : [item] } })));
    return this.streams.length - 1;
  }

  private chunk(handle: Json): Json {
    const stream = typeof handle === 'number' ? this.streams[handle] : undefined;
    if (stream === undefined) throw new LanguageError('runtime.stream_lost', 'The stream is not open any more.');
    const item = stream.shift();
    return item === undefined ? { end: true } : { item };
  }

  private rateLimit(request: JsonMap, now: number): Json {
    const { name, limit, consume } = request;
    const window = Number(request['window']);
    const consumer = textOf(request['consumer']);
    const key = `${textOf(request['instance'])}|${textOf(name)}|${consumer}`;
    const taken = take(this.buckets.get(key), { limit: Number(limit), window, consume: Number(consume) }, now);
    this.buckets.set(key, taken.bucket);
    const { ok, remaining, retryAfter } = taken;
    return { ok, limit: Number(limit), remaining, retryAfter: Math.ceil(retryAfter / 1000), window: window / 1000, consumer };
  }

  private topic({ op, topic, userIds, create }: TopicRequest): Json {
    const known = this.topics.get(topic);
    if (known === undefined && create === false) throw new LanguageError('runtime.topic_not_found', `There is no topic ${topic}.`);
    const members = new Set(known);
    for (const user of userIds) {
      if (op === 'leave') members.delete(user);
      else members.add(user);
    }
    this.topics.set(topic, members);
    return op === 'create' ? { topic, created: known === undefined } : { topic, userIds };
  }

  /** A decision as a case writes it, with what is not said. */
  decision(result: Json | undefined, now: number): Json {
    return { by: OFFLINE.userId, at: isoOf(now), form: {}, ...(isMap(result) ? result : {}) };
  }

  /** How long an event of a case takes to come. */
  delayOf(event: JsonMap): number {
    return durationOf(ownOf(event, 'after')) ?? 0;
  }
}
