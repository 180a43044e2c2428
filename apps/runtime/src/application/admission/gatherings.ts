import type { Clock, Ids, JsonMap } from '@millrace/kernel';
import type { Bucket } from '@millrace/messaging';
import {
  close,
  EMPTY_BASKET,
  find,
  join,
  REMEMBERED_FOR,
  spend,
  type Basket,
  type GatherRule,
  type Joined,
} from '../../domain/admission/gathering';
import { replace } from './replace';

/** What is gathered together: events for one automation that have the same key. */
export interface GatherKey {
  readonly workspaceId: string;
  readonly slug: string;
  /** Evaluated; empty when the automation names none. */
  readonly key: string;
  readonly rule: GatherRule;
}

/** An event, as the run it starts sees it. */
export interface GatheredEvent {
  readonly id: string;
  readonly locals: JsonMap;
}

/** What a gathering starts. */
export interface GatheredStart {
  readonly workspaceId: string;
  readonly slug: string;
  /** In the order they came, at least one: of a debounce the last. The run's id derives from the last one's. */
  readonly events: readonly GatheredEvent[];
  /** How many came, those that do not count included. */
  readonly count: number;
}

export interface GatheringsParts {
  /** Has no other use. */
  readonly bucket: Bucket;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Whose `fire(name)` calls `take`. */
  readonly timers: {
    /** Durable when it resolves. */
    set(name: string, due: number): Promise<void>;
  };
}

interface KeptBasket extends Basket {
  readonly workspaceId: string;
  readonly slug: string;
}

const TIMER = 'gathering/';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * Debounce and batch: events that start one run together. A record per key says which events are in which gathering; the events lie
 * beside it, each by itself. A gathering that has been taken stays until it is done, so that its run starts however often it is taken.
 */
export class Gatherings {
  constructor(private readonly parts: GatheringsParts) {}

  /** Whether a timer is one of these. */
  static owns(timer: string): boolean {
    return timer.startsWith(TIMER);
  }

  /**
   * Adds an event; durable when it resolves. The same event again adds nothing, up to ten minutes (and a thousand events) after its
   * gathering was done. Rejects as the bucket and the timers do, and is then to be repeated.
   */
  async add({ workspaceId, slug, key, rule }: GatherKey, event: GatheredEvent): Promise<void> {
    const { bucket, clock, ids, timers } = this.parts;
    const path = `${workspaceId}/${ids.derive('gth', rule.kind, slug, key)}`;
    const name = ids.derive('evt', event.id);
    await bucket.put(eventKey(path, name), encoder.encode(JSON.stringify(event)));
    const { isIn, replaced, arm } = await this.change(path, (kept): Changed<Joined> => {
      const joined = join(kept ?? EMPTY_BASKET, name, rule, clock.now());
      return { keep: joined.basket === kept ? kept : { workspaceId, slug, ...joined.basket }, answer: joined };
    });
    if (!isIn) await bucket.delete(eventKey(path, name));
    if (replaced !== undefined) await bucket.delete(eventKey(path, replaced));
    if (arm !== undefined) await timers.set(timerName({ path, id: arm.id }), arm.due);
  }

  /**
   * What a timer starts; undefined: nothing, for it is done, or not due before a later timer. The same answer until `done`, so that a crash
   * between the two repeats the start and does not lose it. Rejects as the bucket and the timers do.
   */
  async take(timer: string): Promise<GatheredStart | undefined> {
    const { path, id } = readTimerName(timer);
    const taken = await this.change(path, (kept) => {
      const gathering = kept && find(kept, id);
      const closed = kept && close(kept, id, this.parts.clock.now());
      return {
        keep: closed === undefined || closed === kept ? kept : { ...kept, ...closed },
        answer: { kept, gathering, isDue: closed !== undefined },
      };
    });
    const { kept, gathering, isDue } = taken;
    if (kept === undefined || gathering === undefined) return undefined;
    if (!isDue) {
      await this.parts.timers.set(timer, gathering.due);
      return undefined;
    }
    const events = await Promise.all(gathering.events.map((name) => this.read(eventKey(path, name))));
    return { workspaceId: kept.workspaceId, slug: kept.slug, events, count: gathering.count };
  }

  /** The run of a timer is safe: what it was made of goes. Again has no effect. Rejects as the bucket does, and is then to be repeated. */
  async done(timer: string): Promise<void> {
    const { path, id } = readTimerName(timer);
    const events = await this.change(path, (kept) => {
      const gathering = kept && find(kept, id);
      if (gathering === undefined) return { keep: kept, answer: [] };
      return { keep: { ...kept, ...spend(kept, id, this.parts.clock.now()) }, answer: gathering.events };
    });
    await Promise.all(events.map((name) => this.parts.bucket.delete(eventKey(path, name))));
  }

  private async change<A>(path: string, change: (kept: KeptBasket | undefined) => Changed<A>): Promise<A> {
    const { answer } = await replace<KeptBasket, A>(this.parts.bucket, `basket/${path}`, (kept) => {
      const changed = change(kept);
      return changed.keep?.gatherings.length === 0 ? { ...changed, ttl: REMEMBERED_FOR } : changed;
    });
    return answer;
  }

  private async read(key: string): Promise<GatheredEvent> {
    const entry = await this.parts.bucket.get(key);
    if (entry === undefined) throw new Error(`The gathered event ${key} is gone: its gathering was done meanwhile.`);
    return JSON.parse(decoder.decode(entry.value)) as GatheredEvent;
  }
}

interface Changed<A> {
  readonly keep: KeptBasket | undefined;
  readonly answer: A;
}

interface TimerName {
  readonly path: string;
  readonly id: string;
}

function timerName({ path, id }: TimerName): string {
  return `${TIMER}${path}/${id}`;
}

function readTimerName(timer: string): TimerName {
  const end = timer.lastIndexOf('/');
  return { path: timer.slice(TIMER.length, end), id: timer.slice(end + 1) };
}

function eventKey(path: string, name: string): string {
  return `event/${path}/${name}`;
}
