import type { PrincipalKind } from './principal';

const LONGEST = 120;
const MOST_TOKENS = 8;
const TOKEN = /^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/;

/** First tokens that belong to one service each; what is below them only that service may say. */
export const NATIVE_TOKENS: ReadonlySet<string> = new Set([
  'workspaces',
  'apps',
  'events',
  'runtime',
  'registry',
  'profile',
  'notification',
  'ads',
  'gateway',
  'system',
]);

/** The one name of a single token that is native; `error.shown` is anybody's. */
const NATIVE_NAME = 'error';

/** How an automation asks the notification service to say something. */
const ASKED_BY_AUTOMATIONS = 'notification.requested';

/** Whether `text` can be the type of an event: 1 to 8 tokens of letters, digits, `_` and `-` (each ≤ 40), joined by dots, ≤ 120 characters. */
export function isEventType(text: string): boolean {
  if (text.length > LONGEST) return false;
  const tokens = text.split('.');
  return tokens.length <= MOST_TOKENS && tokens.every((token) => TOKEN.test(token));
}

/** Whether `text` is an event type or stands for several: `*` for one token, a final `>` for one or more. */
export function isEventPattern(text: string): boolean {
  if (text.length > LONGEST) return false;
  const tokens = text.split('.');
  const fixed = tokens.at(-1) === '>' ? tokens.slice(0, -1) : tokens;
  return tokens.length <= MOST_TOKENS && fixed.every((token) => token === '*' || TOKEN.test(token));
}

/**
 * Whether events of this type are said by a service alone, so that a principal of kind `by` may not emit them. Without `by`: anyone
 * who is no automation.
 */
export function isNativeType(type: string, by?: PrincipalKind): boolean {
  if (type === ASKED_BY_AUTOMATIONS && by === 'automation') return false;
  const dot = type.indexOf('.');
  const first = dot < 0 ? type : type.slice(0, dot);
  return type === NATIVE_NAME || NATIVE_TOKENS.has(first);
}
