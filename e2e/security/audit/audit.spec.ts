import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonMap } from '@millrace/kernel';
import { Ground } from '../ground';

const ADMIN_TOKEN = 'an-admin-token-for-tests';
const WAITING = 'do:\n  - wait: { oneOf: [{ event: never }], timeout: 1d }\n';
/** How often the audit is asked for before what it lacks is taken for missing: the history follows the log. */
const TRIES = 500;

type Entry = JsonMap & { readonly type: string; readonly actor: JsonMap; readonly payload: JsonMap; readonly id: string };

describe('the audit', () => {
  let ground: Ground;
  let workspace: string;
  let me: string;
  let bob: string;
  const tokens: Record<string, string> = {};

  beforeAll(async () => {
    ground = await Ground.make({ MILLRACE_ADMIN_TOKEN: ADMIN_TOKEN, MILLRACE_HEAPDUMP: 'true' });
    for (const name of ['ada', 'bob']) tokens[name] = await ground.token(name);
    me = (await call('GET', '/v1/me'))['id'] as string;
    bob = (await call('GET', '/v1/me', undefined, 'bob'))['id'] as string;
  });

  afterAll(async () => {
    await ground.stop();
  });

  async function call(method: string, path: string, body?: unknown, who = 'ada', headers: Record<string, string> = {}): Promise<JsonMap> {
    const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
    const type = typeof body === 'string' ? 'application/yaml' : 'application/json';
    const named = { authorization: `Bearer ${tokens[who] ?? ''}`, ...(body === undefined ? {} : { 'content-type': type }), ...headers };
    const answer = await ground.ask(path, { method, headers: named, ...sent });
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.body}`);
    return answer.body === '' ? {} : (JSON.parse(answer.body) as JsonMap);
  }

  const anyway = { 'if-match': '*' };
  const W = (rest: string): string => `/v1/workspaces/${workspace}${rest}`;
  const entries = async (path: string, who = 'ada'): Promise<readonly Entry[]> =>
    (await call('GET', `${path}?limit=200&sort=oldest`, undefined, who))['items'] as unknown as readonly Entry[];

  /** The audit, as soon as it has an entry of each type. */
  const auditWith = async (path: string, types: readonly string[]): Promise<readonly Entry[]> => {
    let found: readonly Entry[] = [];
    for (let tries = 0; tries < TRIES; tries++) {
      found = await entries(path);
      if (types.every((type) => found.some((entry) => entry.type === type))) return found;
    }
    return found;
  };

  /** What is done to a workspace, and the one event that each must leave. In this order: one stands on another. */
  const DEEDS: readonly (readonly [type: string, deed: () => Promise<unknown>])[] = [
    ['workspaces.created', async () => (workspace = (await call('POST', '/v1/workspaces', { name: 'Audited' }))['id'] as string)],
    ['workspaces.updated', () => call('PATCH', W(''), { name: 'Audited well' }, 'ada', anyway)],
    [
      'workspaces.versions.published',
      async () => {
        await call('PUT', W('/automations/waiting'), WAITING);
        await call('POST', W('/versions'), { message: 'first' });
      },
    ],
    ['workspaces.roles.changed', () => call('PUT', W('/roles/guests'), { title: 'Guests', rules: [{ allow: ['read'], on: ['events'] }] })],
    ['workspaces.roles.deleted', () => call('DELETE', W('/roles/guests'), undefined, 'ada', anyway)],
    [
      'workspaces.members.joined',
      async () => (memberId = (await call('POST', W('/members'), { userId: bob, roles: ['viewer'] }))['id'] as string),
    ],
    ['workspaces.members.changed', () => call('PATCH', W(`/members/${memberId}`), { roles: ['operator'] }, 'ada', anyway)],
    [
      'workspaces.shares.created',
      () => {
        const shared = { subject: 'automations', object: 'waiting', actions: ['read'], userId: bob };
        return call('POST', W('/shares'), shared).then(({ id }) => (shareId = id as string));
      },
    ],
    ['workspaces.shares.deleted', () => call('DELETE', W(`/shares/${shareId}`))],
    ['workspaces.members.left', () => call('DELETE', W(`/members/${memberId}`), undefined, 'bob', anyway)],
    ['workspaces.secrets.set', () => call('PUT', W('/secrets/MAIL'), { value: 'canary-of-a-secret' })],
    ['workspaces.secrets.deleted', () => call('DELETE', W('/secrets/MAIL'), undefined, 'ada', anyway)],
    [
      'workspaces.keys.created',
      () => call('POST', W('/keys'), { name: 'ci', role: 'viewer' }).then(({ key }) => (keyId = (key as JsonMap)['id'] as string)),
    ],
    ['workspaces.keys.changed', () => call('PATCH', W(`/keys/${keyId}`), { name: 'ci-2' }, 'ada', anyway)],
    ['workspaces.keys.rotated', () => call('POST', W(`/keys/${keyId}:rotate`), {})],
    ['workspaces.keys.revoked', () => call('DELETE', W(`/keys/${keyId}`))],
    [
      'runtime.runs.cancelled',
      async () => {
        const { runId: id } = await call('POST', W('/automations/waiting:run'), {}, 'ada', { prefer: 'respond-async' });
        await call('POST', W(`/runs/${id as string}:cancel`), {});
      },
    ],
  ];
  let keyId = '';
  let memberId = '';
  let shareId = '';

  it('has exactly one entry for each thing that was done, with who did it', async () => {
    for (const [, deed] of DEEDS) await deed();
    const types = DEEDS.map(([type]) => type);
    const found = await auditWith(W('/audit'), types);
    expect(types.map((type) => [type, found.filter((entry) => entry.type === type).length])).toEqual(types.map((type) => [type, 1]));
    const actors = found
      .filter(({ type }) => types.includes(type))
      .map(({ type, actor }) => [type, actor['id'] === (type.endsWith('left') ? bob : me)]);
    expect(actors.filter(([, isRight]) => !isRight)).toEqual([]);
  });

  it('holds nothing but what is audited, each once, in the order of the log, and no secret', async () => {
    const found = await entries(W('/audit'));
    expect(new Set(found.map(({ id }) => id)).size).toBe(found.length);
    expect(found.filter(({ type }) => type.startsWith('workspaces.automations') || type.startsWith('runtime.runs.started'))).toEqual([]);
    const offsets = found.map(({ offset }) => BigInt(offset as string));
    expect(offsets).toEqual(offsets.toSorted((a, b) => (a < b ? -1 : 1)));
    expect(JSON.stringify(found)).not.toMatch(/canary-of-a-secret|mrk_/);
  });

  it('is searched by who, what and when', async () => {
    const where = encodeURIComponent(`type = 'workspaces.members.*' and actor.id = '${bob}'`);
    const { items } = await call('GET', W(`/audit?where=${where}`));
    expect((items as unknown as Entry[]).map(({ type }) => type)).toEqual(['workspaces.members.left']);
    const later = encodeURIComponent(new Date(Date.now() + 86_400_000).toISOString());
    expect((await call('GET', W(`/audit?from=${later}`)))['items']).toEqual([]);
  });

  it('cannot be written: nobody sends its events, and it has no route that changes it', async () => {
    const events = [{ type: 'workspaces.members.joined', payload: { user: bob, roles: ['owner'] } }];
    await expect(call('POST', W('/events'), { events })).rejects.toThrow('events.native_type');
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) await expect(call(method, W('/audit'), {})).rejects.toThrow('405');
  });

  it('is shown to owners and auditors alone', async () => {
    await expect(entries(W('/audit'), 'bob')).rejects.toThrow('404');
    await expect(entries('/v1/platform/audit', 'bob')).rejects.toThrow('audit.read_denied');
  });

  it('of the platform tells who was refused what', async () => {
    const found = await auditWith('/v1/platform/audit', ['gateway.requests.refused']);
    const refusals = found.filter(({ type }) => type === 'gateway.requests.refused');
    expect(refusals.map(({ actor, payload }) => [actor['id'], payload])).toContainEqual([
      bob,
      { code: 'audit.read_denied', route: 'GET /v1/platform/audit' },
    ]);
  });

  it('of the platform tells of a heap dump, and by whom', async () => {
    const headers = { authorization: `Bearer ${tokens['ada'] ?? ''}` };
    expect((await ground.ask(`${ground.millrace.adminUrl}/sys/heapdump`, { method: 'POST', headers })).status).toBe(201);
    const service = (await entries('/v1/platform/audit')).find(({ type }) => type.endsWith('.heap.dumped'));
    const found =
      service === undefined ? await auditWith('/v1/platform/audit', ['runtime.heap.dumped']) : await entries('/v1/platform/audit');
    const dumps = found.filter(({ type }) => type.endsWith('.heap.dumped'));
    expect(dumps.map(({ actor }) => actor['id'])).toEqual([me]);
  });
});
