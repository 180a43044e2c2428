import { LOG_LEVELS, type LevelledLog, type LogFocus, type LogLevel } from '../log/log';
import type { AdminAnswer, Administered } from './administered';

const USUAL = 600_000;
const LONGEST = 86_400_000;
const FOCUS_IDS = ['workspace', 'correlationId'] as const;

interface Wish {
  readonly level: LogLevel;
  readonly service?: string;
  readonly ids?: Readonly<Record<string, string>>;
  /** Milliseconds until it is as before. */
  readonly duration: number;
}

interface Changed {
  readonly restore: () => void;
  readonly timer: NodeJS.Timeout;
}

/** Changes of log levels that end by themselves. What a log was at the first change is what it goes back to, however many follow. */
export class TemporaryLogging {
  private readonly changed = new Map<LevelledLog, Changed>();

  /**
   * `{level, service?, for?: {workspace?, correlationId?}, until?}`: `until` is a time (RFC 3339) at most a day ahead, ten minutes from now
   * when absent. With `for`, only lines of that work are written from that level on.
   */
  change(text: string, services: readonly Administered[], now: number): AdminAnswer {
    const wish = read(text, now);
    if (wish === undefined) return { status: 400, body: { detail: USE } };
    const concerned = services.filter(({ health }) => wish.service === undefined || health.service === wish.service);
    if (concerned.length === 0) return { status: 404, body: { detail: `There is no service "${wish.service ?? ''}" in this process.` } };
    for (const { log } of concerned) this.set(log, wish);
    const body = { level: wish.level, services: concerned.map(({ health }) => health.service), until: new Date(now + wish.duration) };
    return { status: 200, body: wish.ids === undefined ? body : { ...body, for: wish.ids } };
  }

  /** Puts all logs back. */
  close(): void {
    for (const { restore, timer } of this.changed.values()) {
      clearTimeout(timer);
      restore();
    }
    this.changed.clear();
  }

  private set(log: LevelledLog, { level, ids, duration }: Wish): void {
    const before = this.changed.get(log);
    clearTimeout(before?.timer);
    const usual = log.level();
    const restore =
      before?.restore ??
      (() => {
        log.focus(undefined);
        log.setLevel(usual);
      });
    restore();
    if (ids === undefined) log.setLevel(level);
    else log.focus({ level, ids } satisfies LogFocus);
    const end = (): void => {
      restore();
      this.changed.delete(log);
    };
    this.changed.set(log, { restore, timer: setTimeout(end, duration).unref() });
  }
}

const USE = `Send {"level": "<${LOG_LEVELS.join('|')}>", "service"?: "<name>", "for"?: {"workspace"?, "correlationId"?}, "until"?: "<time, at most a day ahead>"}.`;

function read(text: string, now: number): Wish | undefined {
  const wish = parsed(text);
  const level = LOG_LEVELS.find((name) => name === wish?.['level']);
  const duration = durationOf(wish?.['until'], now);
  const ids = idsOf(wish?.['for']);
  const service = wish?.['service'];
  if (level === undefined || duration === undefined || ids === undefined) return undefined;
  if (service !== undefined && typeof service !== 'string') return undefined;
  return { level, duration, ...(service === undefined ? {} : { service }), ...(ids === 'all' ? {} : { ids }) };
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function durationOf(until: unknown, now: number): number | undefined {
  if (until === undefined) return USUAL;
  const duration = typeof until === 'string' ? Date.parse(until) - now : Number.NaN;
  return duration > 0 && duration <= LONGEST ? duration : undefined;
}

function idsOf(value: unknown): Readonly<Record<string, string>> | 'all' | undefined {
  if (value === undefined) return 'all';
  if (typeof value !== 'object' || value === null) return undefined;
  const entries = Object.entries(value as Readonly<Record<string, unknown>>);
  const known = entries.filter(([name, id]) => FOCUS_IDS.some((each) => each === name) && typeof id === 'string' && id !== '');
  return entries.length > 0 && known.length === entries.length ? (Object.fromEntries(known) as Record<string, string>) : undefined;
}
