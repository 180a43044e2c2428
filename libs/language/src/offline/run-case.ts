import { DomainError } from '@millrace/kernel';
import type { Json, JsonMap } from '@millrace/kernel';
import { planReading } from '../plan/compile';
import type { Plan } from '../plan/plan';
import type { Failure } from '../problems/failure';
import type { ReplyRequest } from '../step/effects';
import type { Begin, Ended, RunTrigger } from '../step/turn';
import { isoOf } from '../time/instant';
import { matchEndpoint, matchEvents } from '../triggers/match';
import { isMap, ownOf, textOf } from '../values/value';
import { Answers } from './answers';
import { partOf } from './case';
import type { Case } from './case';
import { OfflineContexts } from './contexts';
import { OFFLINE, settingsOf } from './settings';
import { configsOf, readCaseWorkspace } from './workspace';
import { OfflineWorld } from './world';

/** Plays the run of a case: `{id, state, output, emits, error, failure, http, contexts, effects, now, unused}`. */
export function runCase(one: Case): JsonMap {
  const settings = settingsOf(one.value);
  const owners = ownersOf(one);
  const contexts = new OfflineContexts(partOf(one, 'contexts'), configsOf(one.tree), owners);
  const answers = new Answers(partOf(one, 'effects'));
  let plan: Plan;
  try {
    plan = planReading(readCaseWorkspace(one));
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const failure: Failure = { code: error.code, refusal: error.refusal, message: error.message };
    return {
      id: one.id,
      ...printedEnd({ error: failure }, false),
      emits: [],
      http: null,
      ...printedRest(contexts, answers, [], settings.now),
    };
  }
  const world = new OfflineWorld(plan, contexts, answers, { dispatch: partOf(one, 'dispatch') === true }, settings.now);
  const starts = startsOf(one, plan, settings.now);
  const base = { run: OFFLINE.run, workspaceId: OFFLINE.workspaceId, correlationId: OFFLINE.correlationId, depth: 1, seed: settings.seed };
  const ended = starts
    .map((begin) => world.play({ ...base, ...begin, identity: owners, now: world.now, config: contexts.config }))
    .every(Boolean);
  return {
    id: one.id,
    ...printedEnd(world.runs[0]?.turn.ended, ended),
    emits: world.emits.map(({ event, payload, target, options }) => ({
      event,
      payload,
      ...(target === undefined ? {} : { target: { ...target } }),
      ...(options === undefined ? {} : { options }),
    })),
    http: printedHttp(world.replies),
    ...printedRest(contexts, answers, world.asked, world.now),
  };
}

function ownersOf(one: Case): { readonly userId: string; readonly sessionId: string } {
  const principal = partOf(one, 'principal');
  const { userId, sessionId } = isMap(principal) ? principal : {};
  return { userId: textOf(userId ?? OFFLINE.userId), sessionId: textOf(sessionId ?? OFFLINE.sessionId) };
}

type Started = Pick<Begin, 'slug' | 'locals' | 'trigger'>;

function startsOf(one: Case, plan: Plan, now: number): readonly Started[] {
  const written = partOf(one, 'start');
  const begin = isMap(written) ? written : {};
  const slug = ownOf(begin, 'slug');
  const event = ownOf(begin, 'event');
  const request = ownOf(begin, 'request');
  if (isMap(event)) return startedByEvent(plan, event, slug, now);
  if (isMap(request)) return startedByRequest(plan, request, slug);
  const payload = ownOf(begin, 'payload');
  return [{ slug: textOf(slug), locals: isMap(payload) ? payload : {}, trigger: { type: 'test', value: textOf(slug) } }];
}

function startedByEvent(plan: Plan, event: JsonMap, slug: Json | undefined, now: number): readonly Started[] {
  const { type, payload, source, id, subject } = event;
  const locals = {
    id: textOf(id ?? 'evt_offline'),
    type: textOf(type),
    createdAt: isoOf(now),
    payload: isMap(payload) ? payload : {},
    source: { workspaceId: OFFLINE.workspaceId, correlationId: OFFLINE.correlationId, ...(isMap(source) ? source : {}) },
    ...(typeof subject === 'string' ? { subject } : {}),
  };
  const trigger: RunTrigger = { type: 'event', value: locals.type, id: locals.id };
  if (slug !== undefined) return [{ slug: textOf(slug), locals, trigger }];
  const found = matchEvents(plan, locals).map((match) => ({ ...match, trigger }));
  return found.length > 0 ? found : [{ slug: '', locals, trigger }];
}

function startedByRequest(plan: Plan, request: JsonMap, slug: Json | undefined): readonly Started[] {
  const { method, query, headers, body, pathParams, path } = request;
  const verb = textOf(method ?? 'get').toLowerCase();
  const lower = isMap(headers) ? Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])) : {};
  const locals = { method: verb, query: query ?? {}, headers: lower, body: body ?? null, pathParams: pathParams ?? {}, $http: {} };
  const trigger: RunTrigger = { type: 'endpoint', value: textOf(path ?? slug) };
  if (slug !== undefined) return [{ slug: textOf(slug), locals, trigger }];
  return matchEndpoint(plan, verb, textOf(path)).map((match) => ({
    slug: match.slug,
    locals: { ...locals, pathParams: match.pathParams },
    trigger,
  }));
}

function printedEnd(ended: Ended | undefined, complete: boolean): JsonMap {
  if (ended === undefined || !('error' in ended)) {
    const output = ended !== undefined && 'output' in ended ? ended.output : null;
    return { state: ended === undefined || !complete ? 'stuck' : 'succeeded', output, error: null, failure: null };
  }
  const { code, message, details, step, line, column } = ended.error;
  const failure = { code, message, details: details ?? null, step: step ?? null, line: line ?? null, column: column ?? null };
  return { state: 'failed', output: null, error: code, failure };
}

function printedHttp(replies: readonly ReplyRequest[]): Json {
  if (replies.length === 0) return null;
  const headers: Record<string, Json> = {};
  let status = 200;
  const chunks: Json[] = [];
  for (const reply of replies) {
    if (chunks.length === 0) {
      status = reply.status ?? status;
      Object.assign(headers, reply.headers ?? {});
    }
    if (reply.chunk !== undefined) chunks.push(reply.chunk);
  }
  return { status, headers, chunks };
}

function printedRest(contexts: OfflineContexts, answers: Answers, effects: readonly JsonMap[], now: number): JsonMap {
  return { contexts: contexts.printed(), effects, now: isoOf(now), unused: answers.unused };
}
