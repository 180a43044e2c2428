import { isMap, valueText } from '../data/value';
import type { DataMap } from '../data/value';
import { listAt, mapAt, unreadable } from './keys';

/** What is mocked, by the key that says so, and the effect it is. */
const MOCKED = { fetch: 'fetch', action: 'action', approve: 'approve', auth: 'auth', run: 'module' } as const;

/** The answers of mocks, as a run case has them. A single `reply` or `error` answers every time, `replies` once each in turn. */
export function effectsOf(mocks: unknown, place: string): readonly DataMap[] {
  return listAt(mocks, `${place}: mocks`).flatMap((written, index) =>
    effectsOfOne(mapAt(written, 'mock', `${place}: mock ${index + 1}`), place),
  );
}

function effectsOfOne(mock: DataMap, place: string): readonly DataMap[] {
  const key = (Object.keys(MOCKED) as (keyof typeof MOCKED)[]).find((one) => Object.hasOwn(mock, one));
  if (key === undefined) throw unreadable(place, `has a mock of nothing: it names one of ${Object.keys(MOCKED).join(', ')}.`);
  const { reply, replies, error, after, times = 'always' } = mock;
  const common = { effect: MOCKED[key], match: { ...requestOf(key, mock[key]), ...(isMap(mock['match']) ? mock['match'] : {}) } };
  const late = after === undefined ? {} : { after };
  if (replies !== undefined) return listAt(replies, `${place}: replies`).map((one) => ({ ...common, ...late, result: resultOf(one) }));
  return [{ ...common, ...late, times, ...(error === undefined ? { result: resultOf(reply) } : { error }) }];
}

/** What of its request tells an effect: of a fetch `POST https://…`, the name of an action, or a map of any of it. */
function requestOf(key: keyof typeof MOCKED, written: unknown): DataMap {
  if (isMap(written)) return written;
  if (typeof written !== 'string') return {};
  if (key === 'action') return { name: written };
  if (key === 'run') return { module: written };
  const [, method, url = ''] = /^(?:([A-Z]+) +)?(.*)$/s.exec(written) ?? [];
  if (key !== 'fetch') return { title: written };
  return { url, ...(method === undefined ? {} : { method }) };
}

function resultOf(reply: unknown): unknown {
  return reply === undefined ? null : reply;
}

/** What the steps of a case let happen, and what the run must have waited for in turn. */
export interface Script {
  readonly effects: readonly DataMap[];
  readonly waits: readonly string[];
}

/**
 * The steps of a case as answers: `answer` to an approval; `event` for a wait, several in a row for the same one. `after` counts from when
 * that approval or wait began.
 */
export function scriptOf(steps: unknown, place: string): Script {
  const effects: DataMap[] = [];
  const waits: string[] = [];
  let events: DataMap[] | undefined;
  for (const [index, written] of listAt(steps, `${place}: steps`).entries()) {
    const { expect, after, answer, event, payload = {} } = mapAt(written, 'step', `${place}: step ${index + 1}`);
    const late = after === undefined ? {} : { after };
    if (isMap(expect)) waits.push(valueText(expect['waits']));
    if (expect !== undefined || answer !== undefined) events = undefined;
    if (answer !== undefined) effects.push({ effect: 'approve', result: answer, ...late });
    if (event === undefined) continue;
    const arriving = { ...(isMap(event) ? event : { type: event, payload }), ...late };
    if (events === undefined) effects.push({ effect: 'wait', events: (events = [arriving]) });
    else events.push(arriving);
  }
  return { effects, waits };
}
