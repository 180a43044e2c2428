import { offsetAt } from './zone';

const LOCALES = {
  en: forms('MM/DD/YYYY', 'MMMM D, YYYY', 'dddd, ', 'h:mm A'),
  fr: forms('DD/MM/YYYY', 'D MMMM YYYY', 'dddd ', 'HH:mm'),
  de: forms('DD.MM.YYYY', 'D. MMMM YYYY', 'dddd, ', 'HH:mm'),
  es: forms('DD/MM/YYYY', 'D [de] MMMM [de] YYYY', 'dddd, ', 'H:mm'),
  it: forms('DD/MM/YYYY', 'D MMMM YYYY', 'dddd ', 'HH:mm'),
  pt: forms('DD/MM/YYYY', 'D [de] MMMM [de] YYYY', 'dddd, ', 'HH:mm', ' [às] '),
  nl: forms('DD-MM-YYYY', 'D MMMM YYYY', 'dddd ', 'HH:mm'),
};

const TOKEN = /\[([^\]]*)\]|Y{4}|YY|M{1,4}|Do|D{1,2}|d{1,4}|H{1,2}|h{1,2}|k{1,2}|a|A|m{1,2}|s{1,2}|S{3}|Z{1,2}|Q|X|x/g;

/** Formats an instant by Day.js tokens. An unknown locale is English. */
export function formatInstant(instant: number, format: string, locale: string, zone: string): string {
  const language = locale.replace(/-.*$/s, '');
  const known = isLocale(language) ? language : 'en';
  const long: Readonly<Record<string, string>> = LOCALES[known];
  const expanded = format.replace(/\[[^\]]*\]|LTS?|L{1,4}|l{1,4}/g, (token) => long[token] ?? token);
  const clock = { wall: new Date(instant + offsetAt(zone, instant)), offset: offsetAt(zone, instant), locale: known };
  return expanded.replace(TOKEN, (token, quoted: string | undefined) => quoted ?? fieldOf(token, clock));
}

function isLocale(language: string): language is keyof typeof LOCALES {
  return Object.hasOwn(LOCALES, language);
}

interface ClockFace {
  /** The wall time, readable by the UTC getters. */
  readonly wall: Date;
  readonly offset: number;
  readonly locale: string;
}

type Field = (clock: ClockFace) => string | number;

/** What stands for each token. */
const FIELDS = {
  YYYY: ({ wall }) => String(wall.getUTCFullYear()).padStart(4, '0'),
  YY: ({ wall }) => two(wall.getUTCFullYear() % 100),
  M: ({ wall }) => wall.getUTCMonth() + 1,
  MM: ({ wall }) => two(wall.getUTCMonth() + 1),
  MMM: (clock) => named(clock, { month: 'short' }),
  MMMM: (clock) => named(clock, { month: 'long' }),
  Q: ({ wall }) => Math.floor(wall.getUTCMonth() / 3) + 1,
  D: ({ wall }) => wall.getUTCDate(),
  DD: ({ wall }) => two(wall.getUTCDate()),
  Do: ({ wall }) => ordinal(wall.getUTCDate()),
  d: ({ wall }) => wall.getUTCDay(),
  dd: (clock) => named(clock, { weekday: 'short' }).slice(0, 2),
  ddd: (clock) => named(clock, { weekday: 'short' }),
  dddd: (clock) => named(clock, { weekday: 'long' }),
  H: ({ wall }) => wall.getUTCHours(),
  HH: ({ wall }) => two(wall.getUTCHours()),
  h: ({ wall }) => wall.getUTCHours() % 12 || 12,
  hh: ({ wall }) => two(wall.getUTCHours() % 12 || 12),
  k: ({ wall }) => wall.getUTCHours() || 24,
  kk: ({ wall }) => two(wall.getUTCHours() || 24),
  a: ({ wall }) => (wall.getUTCHours() < 12 ? 'am' : 'pm'),
  A: ({ wall }) => (wall.getUTCHours() < 12 ? 'AM' : 'PM'),
  m: ({ wall }) => wall.getUTCMinutes(),
  mm: ({ wall }) => two(wall.getUTCMinutes()),
  s: ({ wall }) => wall.getUTCSeconds(),
  ss: ({ wall }) => two(wall.getUTCSeconds()),
  SSS: ({ wall }) => String(wall.getUTCMilliseconds()).padStart(3, '0'),
  Z: ({ offset }) => zoneText(offset, ':'),
  ZZ: ({ offset }) => zoneText(offset, ''),
  X: ({ wall, offset }) => Math.floor((wall.getTime() - offset) / 1000),
  x: ({ wall, offset }) => wall.getTime() - offset,
} satisfies Readonly<Record<string, Field>>;

function fieldOf(token: string, clock: ClockFace): string {
  return String(FIELDS[token as keyof typeof FIELDS](clock));
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

function ordinal(day: number): string {
  const teen = day % 100 >= 11 && day % 100 <= 13;
  return `${day}${teen ? 'th' : (['th', 'st', 'nd', 'rd'][day % 10] ?? 'th')}`;
}

function zoneText(offset: number, separator: string): string {
  const minutes = Math.abs(Math.round(offset / 60_000));
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}${separator}${two(minutes % 60)}`;
}

function named({ wall, locale }: ClockFace, field: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(locale, { ...field, timeZone: 'UTC' }).format(wall);
}

function forms(day: string, date: string, weekday: string, time: string, at = ' '): Readonly<Record<string, string>> {
  const long = {
    LT: time,
    LTS: time.replace('mm', 'mm:ss'),
    L: day,
    LL: date,
    LLL: `${date}${at}${time}`,
    LLLL: `${weekday}${date}${at}${time}`,
  };
  const short = (form: string): string => form.replace(/MMMM|MM|DD|dddd/g, (token) => token.slice(1));
  return { ...long, l: short(long.L), ll: short(long.LL), lll: short(long.LLL), llll: short(long.LLLL) };
}
