/** A cron expression, as the values each field allows. */
export interface Cron {
  readonly second: ReadonlySet<number>;
  readonly minute: ReadonlySet<number>;
  readonly hour: ReadonlySet<number>;
  readonly month: ReadonlySet<number>;
  /** Absent: any day of the month; both absent: any day. A day fits when either field allows it. */
  readonly date?: ReadonlySet<number>;
  readonly weekday?: ReadonlySet<number>;
}

interface FieldForm {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  readonly names?: readonly string[];
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const FORMS = {
  second: { name: 'second', least: 0, most: 59 },
  minute: { name: 'minute', least: 0, most: 59 },
  hour: { name: 'hour', least: 0, most: 23 },
  date: { name: 'day of the month', least: 1, most: 31 },
  month: { name: 'month', least: 1, most: 12, names: MONTHS },
  weekday: { name: 'day of the week', least: 0, most: 7, names: DAYS },
} satisfies Readonly<Record<string, FieldForm>>;

type FieldName = keyof typeof FORMS;

/** In the order they are written in. */
const FIELDS = Object.keys(FORMS) as FieldName[];

/** Reads cron of 5 fields, or 6 with seconds first: names, lists, ranges, steps, `*` and `?`. A sentence about what is wrong with it. */
export function parseCron(text: string): Cron | string {
  const written = text.trim().split(/\s+/);
  if (written.length !== 5 && written.length !== 6) {
    return `Cron has 5 fields (minute, hour, day of the month, month, day of the week), or 6 with seconds first; here are ${written.length}.`;
  }
  const texts = written.length === 6 ? written : ['0', ...written];
  const fields = Object.fromEntries(FIELDS.map((name, index) => [name, texts[index]])) as Record<FieldName, string>;
  const sets = Object.fromEntries(FIELDS.map((name) => [name, readField(fields[name], FORMS[name])]));
  const wrong = Object.values(sets).find((read) => typeof read === 'string');
  return wrong ?? cronOf(sets as Record<FieldName, ReadonlySet<number>>, fields);
}

function cronOf(sets: Record<FieldName, ReadonlySet<number>>, fields: Record<FieldName, string>): Cron {
  const { second, minute, hour, month, date, weekday } = sets;
  return {
    second,
    minute,
    hour,
    month,
    ...(isAny(fields.date) ? {} : { date }),
    ...(isAny(fields.weekday) ? {} : { weekday: new Set([...weekday].map((day) => day % 7)) }),
  };
}

function isAny(field: string): boolean {
  return field === '*' || field === '?';
}

function readField(text: string, form: FieldForm): ReadonlySet<number> | string {
  const values = new Set<number>();
  for (const part of text.split(',')) {
    const range = readPart(part, form);
    if (range === undefined)
      return `\`${text}\` is no ${form.name}: numbers from ${form.least} to ${form.most}${form.names === undefined ? '' : ', names'}, ranges, lists and steps can stand there.`;
    for (let value = range.from; value <= range.to; value += range.step) values.add(value);
  }
  return values;
}

function readPart(part: string, form: FieldForm): { from: number; to: number; step: number } | undefined {
  const [range, stepText, more] = part.split('/') as [string, string?, string?];
  if (more !== undefined || (stepText !== undefined && !/^\d+$/.test(stepText))) return undefined;
  const bounds = boundsOf(range, form, stepText !== undefined);
  const step = Number(stepText ?? 1);
  return bounds === undefined || step < 1 ? undefined : { ...bounds, step };
}

function boundsOf(range: string, form: FieldForm, open: boolean): { from: number; to: number } | undefined {
  if (isAny(range)) return { from: form.least, to: form.most };
  const [first, last, more] = range.split('-') as [string, string?, string?];
  const from = valueOf(first, form);
  const to = last === undefined ? (open ? form.most : from) : valueOf(last, form);
  return from === undefined || to === undefined || to < from || more !== undefined ? undefined : { from, to };
}

function valueOf(text: string, { names, least, most }: FieldForm): number | undefined {
  const named = names?.indexOf(text.toLowerCase()) ?? -1;
  if (named >= 0) return named + (names === MONTHS ? 1 : 0);
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return value >= least && value <= most ? value : undefined;
}

const YEARS = 8;

/** The first wall time after another that fits, both written as if they were UTC; undefined when none does in the next eight years. */
export function nextWall(cron: Cron, after: number): number | undefined {
  const date = new Date(Math.floor(after / 1000) * 1000 + 1000);
  const end = date.getUTCFullYear() + YEARS;
  while (date.getUTCFullYear() <= end) {
    if (!cron.month.has(date.getUTCMonth() + 1)) date.setTime(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1));
    else if (!isDay(cron, date)) toNext(date, 86_400_000);
    else if (!cron.hour.has(date.getUTCHours())) toNext(date, 3_600_000);
    else if (!cron.minute.has(date.getUTCMinutes())) toNext(date, 60_000);
    else if (!cron.second.has(date.getUTCSeconds())) toNext(date, 1000);
    else return date.getTime();
  }
  return undefined;
}

function toNext(date: Date, unit: number): void {
  date.setTime((Math.floor(date.getTime() / unit) + 1) * unit);
}

function isDay({ date, weekday }: Cron, day: Date): boolean {
  if (date === undefined) return weekday?.has(day.getUTCDay()) ?? true;
  return date.has(day.getUTCDate()) || (weekday?.has(day.getUTCDay()) ?? false);
}
