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
  type Gathering,
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
  /** The last change of each record that is under way here: who would only lose the race waits. */
  private readonly changing = new Map<string, Promise<unknown>>();

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
    await Promise.all(arm.map(({ id, due }) => timers.set(timerName({ path, id }), due)));
  }

  /**
   * What a timer starts; undefined: nothing, for it is done, or not due before a later timer. The same answer until `done`, so that a crash
   * between the two repeats the start and does not lose it. Rejects as the bucket and the timers do.
   */
  async take(timer: string): Promise<GatheredStart | undefined> {
    const { path, id } = readTimerName(timer);
    const { clock, timers } = this.parts;
    const found = await this.change(path, (kept): Changed<Found | undefined> => {
      const gathering = find(kept, id);
      if (kept === undefined || gathering === undefined) return { keep: kept, answer: undefined };
      const { workspaceId, slug } = kept;
      const closed = close(kept, gathering, clock.now());
      const keep = closed === undefined || closed === kept ? kept : { workspaceId, slug, ...closed };
      return { keep, answer: { workspaceId, slug, gathering, isDue: closed !== undefined } };
    });
    if (found === undefined) return undefined;
    const { workspaceId, slug, gathering, isDue } = found;
    if (!isDue) {
      await timers.set(timer, gathering.due);
      return undefined;
    }
    const events = await Promise.all(gathering.events.map((name) => this.read(eventKey(path, name))));
    return { workspaceId, slug, events, count: gathering.count };
  }

  /** The run of a timer is safe: what it was made of goes. Again has no effect. Rejects as the bucket does, and is then to be repeated. */
  async done(timer: string): Promise<void> {
    const { path, id } = readTimerName(timer);
    const events = await this.change(path, (kept): Changed<readonly string[]> => {
      const gathering = find(kept, id);
      if (kept === undefined || gathering === undefined) return { keep: kept, answer: [] };
      return { keep: { ...kept, ...spend(kept, gathering, this.parts.clock.now()) }, answer: gathering.events };
    });
    await Promise.all(events.map((name) => this.parts.bucket.delete(eventKey(path, name))));
  }

  private async change<A>(path: string, change: (kept: KeptBasket | undefined) => Changed<A>): Promise<A> {
    const before = this.changing.get(path) ?? Promise.resolve();
    const changed = before.then(
      () => this.replace(path, change),
      () => this.replace(path, change),
    );
    this.changing.set(path, changed);
    try {
      return await changed;
    } finally {
      if (this.changing.get(path) === changed) this.changing.delete(path);
    }
  }

  private async replace<A>(path: string, change: (kept: KeptBasket | undefined) => Changed<A>): Promise<A> {
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

interface Found {
  readonly workspaceId: string;
  readonly slug: string;
  readonly gathering: Gathering;
  readonly isDue: boolean;
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
