const MINUTE = 60_000;
const MINUTE_DIGITS = 8;
const LATEST = 10 ** MINUTE_DIGITS * MINUTE - 1;
const KEY = /^(\d{8})\/(\d{13})\/(.+)$/;

/** A timer, as its key says it. */
export interface TimerKey {
  /** The minute since 1970 under which it lies: that of its time, or a later one if its time had passed when it was set. */
  readonly minute: number;
  /** Milliseconds since 1970. */
  readonly due: number;
  readonly name: string;
}

/** The minute since 1970 in which a time lies. */
export function minuteOf(time: number): number {
  return Math.floor(time / MINUTE);
}

/** Milliseconds since 1970 at which a minute begins. */
export function startOf(minute: number): number {
  return minute * MINUTE;
}

/** The time as keys can say it: whole milliseconds from 1970 to 2160. */
export function keptTime(due: number): number {
  return Math.min(Math.max(Math.ceil(due), 0), LATEST);
}

/** The key of a timer: `<minute>/<millisecond>/<name>`, which sorts by time and can be listed by any number of leading digits. */
export function timerKey({ minute, due, name }: TimerKey): string {
  return `${minutePrefix(minute)}${String(due).padStart(13, '0')}/${name}`;
}

/** What every key of a minute begins with. */
export function minutePrefix(minute: number): string {
  return `${String(minute).padStart(MINUTE_DIGITS, '0')}/`;
}

/** Reads what `timerKey` wrote; undefined for anything else. */
export function readTimerKey(key: string): TimerKey | undefined {
  const [, minute, due, name] = KEY.exec(key) ?? [];
  return name === undefined ? undefined : { minute: Number(minute), due: Number(due), name };
}

/** The fewest prefixes that cover every key of the minutes `from` to `to`, both included, and none besides. */
export function prefixesOf(from: number, to: number): readonly string[] {
  const prefixes: string[] = [];
  for (let minute = from; minute <= to;) {
    const digits = freeDigits(minute, to);
    prefixes.push(
      String(minute)
        .padStart(MINUTE_DIGITS, '0')
        .slice(0, MINUTE_DIGITS - digits),
    );
    minute += 10 ** digits;
  }
  return prefixes;
}

/** How many last digits may take any value, from `minute` on, without passing `to`. */
function freeDigits(minute: number, to: number): number {
  let digits = 0;
  while (digits < MINUTE_DIGITS && minute % 10 ** (digits + 1) === 0 && minute + 10 ** (digits + 1) - 1 <= to) digits++;
  return digits;
}
