/** How events are gathered into one run. Durations are in milliseconds. */
export type GatherRule =
  | { readonly kind: 'debounce'; readonly period: number; readonly maxWait?: number }
  | { readonly kind: 'batch'; readonly size: number; readonly within: number };

/** Events that will start one run together. Times are milliseconds since 1970. */
export interface Gathering {
  /** Name of the event that opened it. */
  readonly id: string;
  /** Names of the events that count, in order: of a debounce the last. */
  readonly events: readonly string[];
  /** How many came, those that do not count included. */
  readonly count: number;
  readonly first: number;
  /** When the run starts. */
  readonly due: number;
  /** It is on its way to its run: nothing is added any more. */
  readonly taken?: true;
}

/** An event whose gathering is over, remembered for a while in case it is delivered again. */
interface Spent {
  readonly event: string;
  readonly at: number;
}

/** What is gathered under one key. At most the last gathering takes more events. */
export interface Basket {
  readonly gatherings: readonly Gathering[];
  readonly spent: readonly Spent[];
}

export interface Joined {
  readonly basket: Basket;
  /** False: the event counts no more, or has had its run. */
  readonly isIn: boolean;
  /** An event that counted until now. */
  readonly replaced?: string;
  /** Whose timers have to be set: they are new, due sooner, or perhaps nobody came to set them. */
  readonly arm: readonly Gathering[];
}

export const EMPTY_BASKET: Basket = { gatherings: [], spent: [] };

/** How long, and of how many events, is remembered that their gathering is over. */
export const REMEMBERED_FOR = 10 * 60_000;
const REMEMBERED_MOST = 1_000;

/** The basket with one more event. One that it has, or had, changes nothing. */
export function join(basket: Basket, event: string, rule: GatherRule, now: number): Joined {
  const last = basket.gatherings.at(-1);
  if (basket.spent.some((spent) => spent.event === event)) return { basket, isIn: false, arm: basket.gatherings };
  const known = basket.gatherings.find(({ events }) => events.includes(event));
  if (known !== undefined) return { basket, isIn: true, arm: [known] };
  const isOpen = last !== undefined && last.taken === undefined && now < last.due;
  return isOpen ? grown(basket, last, added(last, event, rule, now), now) : opened(basket, event, rule, now);
}

/** The basket with one of its gatherings closed; the same one when it is already; undefined: it is not due yet. */
export function close(basket: Basket, gathering: Gathering, now: number): Basket | undefined {
  if (gathering.taken === true) return basket;
  if (now < gathering.due) return undefined;
  return { ...basket, gatherings: basket.gatherings.map((one) => (one === gathering ? { ...one, taken: true } : one)) };
}

/** The basket without one of its gatherings, whose run is safe; its events are remembered. */
export function spend(basket: Basket, gathering: Gathering, now: number): Basket {
  return { gatherings: basket.gatherings.filter((one) => one !== gathering), spent: remember(basket.spent, gathering.events, now) };
}

export function find(basket: Basket | undefined, id: string): Gathering | undefined {
  return basket?.gatherings.find((gathering) => gathering.id === id);
}

function opened(basket: Basket, event: string, rule: GatherRule, now: number): Joined {
  const empty: Gathering = { id: event, events: [], count: 0, first: now, due: Infinity };
  const gathering = added(empty, event, rule, now);
  return { basket: { ...basket, gatherings: [...basket.gatherings, gathering] }, isIn: true, arm: [gathering] };
}

/** The basket whose last gathering, `before`, has become `gathering`. */
function grown(basket: Basket, before: Gathering, gathering: Gathering, now: number): Joined {
  const gatherings = [...basket.gatherings.slice(0, -1), gathering];
  const arm = gathering.due < before.due ? [gathering] : [];
  const [replaced] = before.events.filter((event) => !gathering.events.includes(event));
  if (replaced === undefined) return { basket: { ...basket, gatherings }, isIn: true, arm };
  return { basket: { gatherings, spent: remember(basket.spent, [replaced], now) }, isIn: true, replaced, arm };
}

function added(gathering: Gathering, event: string, rule: GatherRule, now: number): Gathering {
  const { id, first } = gathering;
  const count = gathering.count + 1;
  if (rule.kind === 'debounce') {
    return { id, events: [event], count, first, due: Math.min(now + rule.period, first + (rule.maxWait ?? Infinity)) };
  }
  return { id, events: [...gathering.events, event], count, first, due: count >= rule.size ? now : first + rule.within };
}

function remember(spent: readonly Spent[], events: readonly string[], now: number): readonly Spent[] {
  const fresh = spent.filter(({ at }) => now - at < REMEMBERED_FOR);
  return [...fresh, ...events.map((event) => ({ event, at: now }))].slice(-REMEMBERED_MOST);
}
