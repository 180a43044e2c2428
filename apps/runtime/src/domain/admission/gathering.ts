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
  /** Whose timer has to be set: it is new, due sooner, or perhaps nobody came to set it. */
  readonly arm?: Gathering;
}

export const EMPTY_BASKET: Basket = { gatherings: [], spent: [] };

/** How long, and of how many events, is remembered that their gathering is over. */
export const REMEMBERED_FOR = 10 * 60_000;
const REMEMBERED_MOST = 1_000;

/** The basket with one more event. One that it has, or had, changes nothing. */
export function join(basket: Basket, event: string, rule: GatherRule, now: number): Joined {
  const last = basket.gatherings.at(-1);
  if (basket.spent.some((spent) => spent.event === event)) return { basket, isIn: false, ...(last && { arm: last }) };
  const known = basket.gatherings.find(({ events }) => events.includes(event));
  if (known !== undefined) return { basket, isIn: true, arm: known };
  const open = last !== undefined && last.taken === undefined && now < last.due ? last : undefined;
  const gathering = rule.kind === 'debounce' ? debounced(open, event, rule, now) : batched(open, event, rule, now);
  const gatherings = [...(open === undefined ? basket.gatherings : basket.gatherings.slice(0, -1)), gathering];
  const replaced = (open?.events ?? []).filter((one) => !gathering.events.includes(one));
  const spent = replaced.length === 0 ? basket.spent : remember(basket.spent, replaced, now);
  const isTimed = open !== undefined && open.due <= gathering.due;
  return {
    basket: { gatherings, spent },
    isIn: true,
    ...(replaced[0] !== undefined && { replaced: replaced[0] }),
    ...(!isTimed && { arm: gathering }),
  };
}

/** The basket with the gathering closed; undefined: it is not there, or not due yet. */
export function close(basket: Basket, id: string, now: number): Basket | undefined {
  const gathering = find(basket, id);
  if (gathering === undefined || (gathering.taken === undefined && now < gathering.due)) return undefined;
  if (gathering.taken === true) return basket;
  return { ...basket, gatherings: basket.gatherings.map((one) => (one === gathering ? { ...one, taken: true } : one)) };
}

/** The basket without the gathering, whose run is safe; its events are remembered. */
export function spend(basket: Basket, id: string, now: number): Basket {
  const gathering = find(basket, id);
  if (gathering === undefined) return basket;
  return { gatherings: basket.gatherings.filter((one) => one !== gathering), spent: remember(basket.spent, gathering.events, now) };
}

export function find({ gatherings }: Basket, id: string): Gathering | undefined {
  return gatherings.find((gathering) => gathering.id === id);
}

function debounced(
  open: Gathering | undefined,
  event: string,
  { period, maxWait = Infinity }: GatherRule & { kind: 'debounce' },
  now: number,
): Gathering {
  const { id, first, count } = open ?? { id: event, first: now, count: 0 };
  return { id, events: [event], count: count + 1, first, due: Math.min(now + period, first + maxWait) };
}

function batched(open: Gathering | undefined, event: string, { size, within }: GatherRule & { kind: 'batch' }, now: number): Gathering {
  const { id, first, events } = open ?? { id: event, first: now, events: [] };
  const all = [...events, event];
  return { id, events: all, count: all.length, first, due: all.length >= size ? now : first + within };
}

function remember(spent: readonly Spent[], events: readonly string[], now: number): readonly Spent[] {
  const fresh = spent.filter(({ at }) => now - at < REMEMBERED_FOR);
  return [...fresh, ...events.map((event) => ({ event, at: now }))].slice(-REMEMBERED_MOST);
}
