import { join } from 'node:path';
import { parsed } from '../data/read';
import { isMap, valueText } from '../data/value';
import type { DataMap } from '../data/value';
import { textOf } from '../folder/disk';
import type { Part } from '../folder/target';
import { within, workspaceCase } from '../run/local-case';
import { listAt, mapAt, unreadable } from './keys';
import { effectsOf, scriptOf } from './mocks';

/** A case of a test file, ready to be played. */
export interface FlowTest {
  readonly file: string;
  readonly name: string;
  readonly play: DataMap;
  /** What the run must have waited for, in turn. */
  readonly waits: readonly string[];
  readonly expect: DataMap;
}

/** The cases of a test file of a workspace. Refuses what cannot be read. */
export function flowTestsIn(part: Part, file: string): readonly FlowTest[] {
  const whole = mapAt(parsed(textOf(join(part.root, file), file), file), 'file', file);
  const workspace = workspaceCase(part);
  return listAt(whole['cases'], `${file}: cases`).map((written, index) => {
    const one = mapAt(written, 'case', `${file}: case ${index + 1}`);
    const name = valueText(one['name'] ?? String(index + 1));
    const place = `${file}: ${name}`;
    const { waits, effects } = scriptOf(one['steps'], place);
    const more = {
      id: name,
      seed: name,
      ...settingOf('now', one['clock'] ?? whole['clock']),
      ...principalOf(one['session'] ?? sessionOf(one['on']) ?? whole['session']),
      contexts: { ...mapOr(whole['contexts']), ...mapOr(one['contexts']) },
      effects: [...effects, ...effectsOf(one['mocks'], place), ...effectsOf(whole['mocks'], file)],
      start: startOf(one['on'], valueText(one['automation'] ?? whole['automation'] ?? ''), place),
    };
    const expect = one['expect'] === undefined ? {} : mapAt(one['expect'], 'expect', `${place}: expect`);
    return { file, name, play: within(workspace, more), waits, expect };
  });
}

function settingOf(key: string, value: unknown): DataMap {
  return value === undefined ? {} : { [key]: value };
}

function principalOf(session: unknown): DataMap {
  return session === undefined ? {} : { principal: { sessionId: session } };
}

function sessionOf(start: unknown): unknown {
  return isMap(start) ? start['session'] : undefined;
}

/** What a case begins with: an event, a request, a tick of the clock, or a call. */
function startOf(written: unknown, automation: string, place: string): DataMap {
  const slug = automation === '' ? {} : { slug: automation };
  const start = mapAt(written ?? { call: {} }, 'start', `${place}: on`);
  const { event, payload, source, endpoint, schedule, call } = start;
  if (event !== undefined) return { ...slug, event: { type: event, payload: payload ?? {}, ...settingOf('source', source) } };
  if (automation === '') throw unreadable(place, 'names no automation: write `automation:` at the top of the file.');
  if (endpoint !== undefined) return { ...slug, request: mapOr(endpoint) };
  if (schedule !== undefined) return { ...slug, payload: { schedule: mapOr(schedule), payload: {} } };
  return { ...slug, payload: mapOr(call) };
}

function mapOr(value: unknown): DataMap {
  return isMap(value) ? value : {};
}
