import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DeadLettersService, EventsService, WorkspacesService } from '@millrace/contracts';
import { eventsService } from '@millrace/events';
import type { JsonMap } from '@millrace/kernel';
import type { EventLog, NewEvent } from '@millrace/messaging';
import { AdminServer } from '@millrace/observability';
import { runtimeService } from '@millrace/runtime';
import { start, type RunningService } from '@millrace/service';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { workspacesService } from '@millrace/workspaces';
import { Ground } from '../ground';

/** How often the audit is asked for before what it lacks is taken for missing: the history follows the log. */
const TRIES = 500;
/** Milliseconds for the same where nothing else passes the time. */
const PATIENCE = 30_000;

const ASKS =
  "do:\n  - approve: { title: 'Pay?', to: { users: [somebody] }, choices: [pay, refuse], deadline: 1d, output: said }\noutput: '{{said.decision}}'\n";

type Entry = JsonMap & { readonly type: string; readonly actor: JsonMap; readonly subject: string };
type Count = readonly [type: string, times: number];

describe('each of these leaves exactly one entry in the audit, however often it is said', () => {
  let ground: Ground;
  let workspace: string;
  const ids: Record<string, string> = {};
  const tokens: Record<string, string> = {};

  beforeAll(async () => {
    ground = await Ground.make();
    for (const name of ['ada', 'bob']) {
      tokens[name] = await ground.token(name);
      ids[name] = (await done('GET', '/v1/me', undefined, name))['id'] as string;
    }
    workspace = (await done('POST', '/v1/workspaces', { name: 'Counted' }))['id'] as string;
  });

  afterAll(async () => {
    await ground.stop();
  });

  async function call(method: string, path: string, body?: unknown, who = 'ada'): Promise<{ status: number; body: JsonMap }> {
    const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
    const headers = {
      authorization: `Bearer ${tokens[who] ?? ''}`,
      ...(body === undefined ? {} : { 'content-type': typeof body === 'string' ? 'application/yaml' : 'application/json' }),
      ...(method === 'DELETE' ? { 'if-match': '*' } : {}),
      ...(path.endsWith(':run') ? { prefer: 'respond-async' } : {}),
    };
    const answer = await ground.ask(path, { method, headers, ...sent });
    return { status: answer.status, body: answer.body === '' ? {} : (JSON.parse(answer.body) as JsonMap) };
  }

  async function done(method: string, path: string, body?: unknown, who = 'ada'): Promise<JsonMap> {
    const { status, body: answer } = await call(method, path, body, who);
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(answer)}`);
    return answer;
  }

  const W = (rest: string): string => `/v1/workspaces/${workspace}${rest}`;
  const statusOf = async (method: string, path: string, body?: unknown): Promise<number> => (await call(method, path, body)).status;

  /** The entries of a type that came after so many, as soon as there is one. */
  const entriesOf = async (type: string, path = W('/audit')): Promise<readonly Entry[]> => {
    const query = `?limit=200&sort=oldest&where=${encodeURIComponent(`type = '${type}'`)}`;
    for (let tries = 0; ; tries++) {
      const items = (await done('GET', `${path}${query}`))['items'] as unknown as readonly Entry[];
      if (items.length > 0 || tries === TRIES) return items;
    }
  };

  /** Who is on record with it, once each. */
  const actorsOf = async (type: string, path?: string): Promise<readonly unknown[]> =>
    (await entriesOf(type, path)).map(({ actor }) => actor['id']);

  it('standing still, and going on', async () => {
    const still = { suspended: true, reason: 'Winter.' };
    for (const said of [still, still, { suspended: false }, { suspended: false }]) await done('PUT', W('/suspension'), said);
    expect(await actorsOf('workspaces.resumed')).toEqual([ids['ada']]);
    expect(await actorsOf('workspaces.suspended')).toEqual([ids['ada']]);
  });

  it('its deletion, and that it was had back', async () => {
    const gone = [await statusOf('DELETE', W('')), await statusOf('DELETE', W(''))];
    const back = [await statusOf('POST', W(':restore'), {}), await statusOf('POST', W(':restore'), {})];
    expect([gone, back]).toEqual([
      [204, 404],
      [200, 404],
    ]);
    expect(await actorsOf('workspaces.restored')).toEqual([ids['ada']]);
    expect(await actorsOf('workspaces.deleted')).toEqual([ids['ada']]);
  });

  it('a personal token, and that it was revoked', async () => {
    const { token } = await done('POST', '/v1/me/tokens', { name: 'laptop', scopes: ['read:me'] }, 'bob');
    const path = `/v1/me/tokens/${(token as JsonMap)['id'] as string}`;
    expect([(await call('DELETE', path, undefined, 'bob')).status, (await call('DELETE', path, undefined, 'bob')).status]).toEqual([
      204, 404,
    ]);
    expect(await actorsOf('workspaces.tokens.revoked', '/v1/platform/audit')).toEqual([ids['bob']]);
    expect(await actorsOf('workspaces.tokens.created', '/v1/platform/audit')).toEqual([ids['bob']]);
  });

  it('the answer to a question of a run, and that the run was deleted', async () => {
    await done('PUT', W('/automations/asks'), ASKS);
    await done('POST', W('/versions'), {});
    const { runId } = await done('POST', W('/automations/asks:run'), {});
    const run = W(`/runs/${runId as string}`);
    const asked = async (): Promise<readonly JsonMap[]> => (await done('GET', W('/approvals')))['items'] as unknown as readonly JsonMap[];
    let found = await asked();
    for (let tries = 0; found.length === 0 && tries < TRIES; tries++) found = await asked();
    const answer = W(`/approvals/${found[0]?.['id'] as string}:answer`);
    expect([await statusOf('POST', answer, { decision: 'pay' }), await statusOf('POST', answer, { decision: 'refuse' })]).toEqual([
      200, 409,
    ]);
    expect(await actorsOf('runtime.approvals.answered')).toEqual([ids['ada']]);
    let status = await statusOf('DELETE', run);
    // 409 while it goes on, 503 while its record is still being written.
    for (let tries = 0; [409, 503].includes(status) && tries < TRIES; tries++) status = await statusOf('DELETE', run);
    expect([status, await statusOf('DELETE', run)]).toEqual([204, 404]);
    expect(await actorsOf('runtime.runs.deleted')).toEqual([ids['ada']]);
  });

  it('an offer of it, the offer taken back, and that it changed hands', async () => {
    const { id } = await done('POST', W('/members'), { userId: ids['bob'], roles: ['viewer'] });
    const named = { memberId: id };
    for (const said of [named, named, {}, {}]) await done('POST', W(':transfer'), said);
    expect(await actorsOf('workspaces.transfers.withdrawn')).toEqual([ids['ada']]);
    await done('POST', W(':transfer'), named);
    await done('POST', W(':transfer'), named, 'bob');
    expect((await call('POST', W(':transfer'), named, 'bob')).status).toBe(409);
    expect(await actorsOf('workspaces.transferred')).toEqual([ids['bob']]);
    expect(await actorsOf('workspaces.transfers.offered')).toEqual([ids['ada'], ids['ada']]);
  });
});

describe('each dead letter leaves exactly one entry in the audit', () => {
  let bench: ServiceBench;
  let runtime: RunningService;
  let workspaceId = '';
  const ada = person('ada');
  const { listDeadLetters, discardDeadLetters, redriveDeadLetters } = DeadLettersService.method;

  beforeAll(async () => {
    bench = await serviceBench(workspacesService(), eventsService({}));
    const { workspace } = await bench.bus.call(WorkspacesService.method.createWorkspace, { name: 'Letters' }, bench.as(ada));
    workspaceId = workspace?.id ?? '';
    await failOnce(bench.platform.eventLog, workspaceId);
    runtime = await start(runtimeService({}), bench.platform, new AdminServer({ host: '127.0.0.1', port: 0 }));
  });

  afterAll(async () => {
    await runtime.stop();
    await bench[Symbol.asyncDispose]();
  });

  const letters = async () => (await bench.bus.call(listDeadLetters, { workspaceId }, bench.as(ada))).items;
  const counted = async (type: string): Promise<Count> => {
    const asked = { workspaceId, where: `type = '${type}'`, limit: 200 };
    const deadline = Date.now() + PATIENCE;
    for (;;) {
      const { items } = await bench.bus.call(EventsService.method.listAudit, asked, bench.as(ada));
      if (items.length > 0 || Date.now() > deadline) return [type, items.filter(({ actor }) => actor?.id === 'ada').length];
      await new Promise(setImmediate);
    }
  };

  it('when it is handed out again, and when it is discarded', async () => {
    const [first, second] = await letters();
    const chosen = [first?.id ?? '', first?.id ?? ''];
    for (let times = 0; times < 2; times++) {
      await bench.bus.call(redriveDeadLetters, { workspaceId, letters: chosen }, bench.as(ada)).catch(unlessGone);
    }
    const discard = { workspaceId, letters: [second?.id ?? ''] };
    expect(await bench.bus.call(discardDeadLetters, discard, bench.as(ada))).toMatchObject({ count: 1 });
    await expect(bench.bus.call(discardDeadLetters, discard, bench.as(ada))).rejects.toMatchObject({
      code: 'runtime.dead_letter_not_found',
    });
    expect(await counted('runtime.dead-letters.redriven')).toEqual(['runtime.dead-letters.redriven', 1]);
    expect(await counted('runtime.dead-letters.discarded')).toEqual(['runtime.dead-letters.discarded', 1]);
  });
});

/** Handed out again, it may have been handled by now. */
function unlessGone(error: unknown): void {
  if ((error as { readonly code?: string }).code !== 'runtime.dead_letter_not_found') throw error;
}

/** Two events of a workspace at which the runtime failed. */
async function failOnce(eventLog: EventLog, workspaceId: string): Promise<void> {
  const events: readonly NewEvent[] = ['evt_1', 'evt_2'].map((id) => ({
    ...{ id, workspaceId, type: 'orders.placed', time: Date.now(), payload: new TextEncoder().encode('{}'), correlationId: 'cor' },
    ...{ actor: { kind: 'user' as const, id: 'ada' }, source: {} },
  }));
  await eventLog.append(events);
  const dead = Promise.withResolvers<undefined>();
  let failed = 0;
  const durable = { name: 'runtime', filter: ['*.>'], order: 'key', parallel: 1, attempts: 1, start: 'first' } as const;
  const consumption = await eventLog.consume(durable, async ({ type }) => {
    if (type !== 'orders.placed') return { kind: 'done' };
    failed += 1;
    if (failed === events.length) dead.resolve(undefined);
    throw new Error('The disk is gone.');
  });
  await dead.promise;
  await consumption.stop(10_000);
}
