import type { IncomingMessage } from 'node:http';
import { LOG_LEVELS, type LogLevel } from '../log/log';
import type { AdminAnswer, Administered } from './administered';

const BODY_LIMIT = 4_096;
const LONGEST = 3_600_000;

/** `PUT /sys/logging {level, service?, seconds?}`: sets the level for a while (default 10 min, at most an hour); it falls back by itself. */
export async function changeLogging(request: IncomingMessage, services: readonly Administered[]): Promise<AdminAnswer> {
  const wish = parse(await read(request));
  if (wish === undefined) {
    return { status: 400, body: { detail: `Send {"level": "<${LOG_LEVELS.join('|')}>", "service"?: "<name>", "seconds"?: 1–3600}.` } };
  }
  const concerned = services.filter(({ health }) => wish.service === undefined || health.service === wish.service);
  for (const { log } of concerned) {
    const before = log.level();
    log.setLevel(wish.level);
    setTimeout(() => log.setLevel(before), wish.duration).unref();
  }
  return { status: 200, body: { level: wish.level, services: concerned.map(({ health }) => health.service), milliseconds: wish.duration } };
}

async function read(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request as AsyncIterable<Buffer>) {
    text += chunk.toString('utf8');
    if (text.length > BODY_LIMIT) return '';
  }
  return text;
}

function parse(text: string): { level: LogLevel; service?: string; duration: number } | undefined {
  try {
    const { level, service, seconds } = JSON.parse(text) as Record<string, unknown>;
    const known = LOG_LEVELS.find((name) => name === level);
    if (known === undefined) return undefined;
    const duration = typeof seconds === 'number' && seconds > 0 ? Math.min(seconds * 1000, LONGEST) : 600_000;
    return { level: known, duration, ...(typeof service === 'string' ? { service } : {}) };
  } catch {
    return undefined;
  }
}
