import { existsSync, globSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonMap } from '@millrace/kernel';
import { pack } from 'tar-stream';
import { Ground } from '../ground';

/** How often the audit is asked for before what it lacks is taken for missing: the history follows the log. */
const TRIES = 500;
const ONE = 'do: []\n';

/** Where it is shown that a type that the audit takes stands in it, when not in a spec of this folder; or why it cannot be yet. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'gateway.sessions.opened': 'apps/gateway/src/sessions.spec.ts',
  'gateway.sessions.refused': 'apps/gateway/src/sessions.spec.ts',
  'gateway.sessions.closed': 'apps/gateway/src/sessions.spec.ts',
  'gateway.users.deleted': 'e2e/security/erasure/erasure.spec.ts',
  '*.users.erased': 'e2e/security/erasure/erasure.spec.ts',
  'runtime.permissions.refused': 'e2e/apps/permitted.spec.ts',
  'runtime.egress.refused': 'e2e/workspaces/egress.spec.ts',
  'workspaces.entered': 'apps/workspaces/src/specs/entered.spec.ts',
  'workspaces.purged': 'apps/events/src/purging.spec.ts',
  '*.workspaces.purged': 'libs/service/src/erasures/workspace-purges.spec.ts',
  'events.connections.closed': 'apps/events/src/application/live/connections/live-connections.spec.ts',
  'events.erased': 'nothing erases single events yet',
};

type Entry = JsonMap & { readonly type: string; readonly actor: JsonMap };
/** `times`: how often it was done by then; once when absent. */
type Deed = readonly [type: string, deed: () => Promise<unknown>, times?: number];

describe('what else is done to a workspace', () => {
  let ground: Ground;
  let token: string;
  let me: string;
  let workspace: string;
  let consent = '';

  beforeAll(async () => {
    ground = await Ground.make();
    token = await ground.token('ada');
    me = (await done('GET', '/v1/me'))['id'] as string;
    workspace = await made('Done to');
  });

  afterAll(async () => {
    await ground.stop();
  });

  async function done(method: string, path: string, body?: object | string, type?: string): Promise<JsonMap> {
    const isAsIs = typeof body === 'string' || body instanceof Uint8Array;
    const contentType = type ?? (isAsIs ? 'application/yaml' : 'application/json');
    const needsMatch = (method === 'PUT' && /\/(?:config|quotas|retention)$/.test(path)) || ['PATCH', 'DELETE'].includes(method);
    const headers = { authorization: `Bearer ${token}`, ...(needsMatch ? { 'if-match': '*' } : {}) };
    const sent = { headers: { ...headers, 'content-type': contentType }, body: isAsIs ? body : JSON.stringify(body) };
    const answer = await ground.ask(path, { method, ...(body === undefined ? { headers } : sent) });
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.body}`);
    const isJson = answer.headers['content-type'] === 'application/json; charset=utf-8';
    return isJson ? (JSON.parse(answer.body) as JsonMap) : {};
  }

  const made = async (name: string): Promise<string> => (await done('POST', '/v1/workspaces', { name }))['id'] as string;
  const W = (rest: string, of = workspace): string => `/v1/workspaces/${of}${rest}`;

  /** The audit, as soon as it has an entry of each type. */
  async function auditOf(path: string, types: readonly string[]): Promise<readonly Entry[]> {
    for (let tries = 0; ; tries++) {
      const items = (await done('GET', `${path}?limit=200&sort=oldest`))['items'] as unknown as readonly Entry[];
      if (tries === TRIES || types.every((type) => items.some((entry) => entry.type === type))) return items;
    }
  }

  /** Each once: how often the audit has it, and whether of whom did it. */
  async function expectEach(path: string, deeds: readonly Deed[]): Promise<void> {
    for (const [, deed] of deeds) await deed();
    const types = deeds.map(([type]) => type);
    const found = await auditOf(path, types);
    const counted = types.map((type) => [type, found.filter((entry) => entry.type === type).map(({ actor }) => actor['id'])]);
    expect(counted).toEqual(deeds.map(([type, , times = 1]) => [type, Array.from({ length: times }, () => me)]));
  }

  it('leaves exactly one entry in its audit, with who did it', async () => {
    await done('PUT', W('/automations/one'), ONE);
    await done('POST', W('/versions'), {});
    await done('PUT', W('/automations/other'), ONE);
    await done('POST', W('/versions'), {});
    await expectEach(W('/audit'), [
      ['workspaces.configured', () => done('PUT', W('/config'), { value: { greeting: 'hello' } })],
      ['workspaces.quotas.changed', () => done('PUT', W('/quotas'), { quotas: { automations: 7 } })],
      // To publish a version is to activate it, too.
      ['workspaces.versions.activated', () => done('POST', W('/versions/1:activate'), {}), 3],
      ['workspaces.versions.deleted', () => done('DELETE', W('/versions/2'))],
      ['workspaces.members.invited', () => done('POST', W('/members'), { email: 'carol@millrace.example', roles: ['viewer'] })],
      ['events.retention.changed', () => done('PUT', W('/retention'), { rules: [{ types: ['notes.*'], days: 30 }] })],
      ['events.exports.finished', () => done('GET', W('/events:export'))],
    ]);
  });

  it('leaves one in that of a copy, and of what was made of an archive', async () => {
    const { id: copy } = await done('POST', W(':duplicate'), { name: 'A copy', slug: 'a-copy' });
    await expectEach(W('/audit', copy as string), [['workspaces.duplicated', async () => undefined]]);
    const { workspace: imported } = await done('POST', '/v1/workspaces:import?name=Imported', await archive(), 'application/gzip');
    await expectEach(W('/audit', (imported as JsonMap)['id'] as string), [['workspaces.imported', async () => undefined]]);
  });

  it('leaves one for each step in the life of an app, where it is made and where it is used', async () => {
    const app = await made('Clock');
    await done('PUT', W('/automations/one', app), ONE);
    await done('POST', W('/versions', app), {});
    const published = async (number: string): Promise<JsonMap> => done('POST', W('/app-versions', app), { number, changes: 'New.' });
    const deeds: readonly Deed[] = [
      ['apps.published', async () => (consent = ((await published('1.0.0'))['permissions'] as JsonMap)['digest'] as string)],
      ['apps.updated', () => done('PATCH', '/v1/apps/clock', { description: 'Tells the time.' })],
    ];
    await expectEach(W('/audit', app), deeds);
    await expectEach(W('/audit'), [
      ['apps.installed', () => done('POST', W('/apps'), { app: 'clock', range: '^1.0.0', consent })],
      [
        'apps.upgraded',
        async () => {
          await published('1.1.0');
          await done('POST', W('/apps/clock:upgrade'), {});
        },
      ],
      ['apps.removed', () => done('DELETE', W('/apps/clock'))],
    ]);
    await expectEach(W('/audit', app), [
      ['apps.deprecated', () => done('POST', '/v1/apps/clock/versions/1.0.0:deprecate', { reason: 'Old.' })],
      ['apps.withdrawn', () => done('POST', '/v1/apps/clock/versions/1.0.0:withdraw', { reason: 'Wrong.' })],
    ]);
  });

  it('leaves one in that of the platform when it is looked into, or made anew', async () => {
    await expectEach('/v1/platform/audit', [
      ['events.platform.searched', () => done('POST', '/v1/platform/events:search', { types: ['workspaces.created'] })],
      ['events.rebuilds.begun', () => done('POST', '/v1/platform/history:rebuild', {})],
    ]);
  });
});

describe('the audit', () => {
  it('takes nothing of which no test shows that it stands there', () => {
    const source = readFileSync('apps/events/src/application/reading/audited.ts', 'utf8');
    const taken = Array.from(source.matchAll(/under\(([^)]*)\)/gs), ([, all = '']) => {
      const [first = '', ...rest] = Array.from(all.matchAll(/'([^']+)'/g), ([, name = '']) => name);
      return rest.map((each) => `${first}.${each}`);
    }).flat();
    const shown = globSync('e2e/security/audit/*.spec.ts').map((file) => readFileSync(file, 'utf8'));
    const isShown = (type: string): boolean => shown.some((text) => text.includes(`'${type.replace('*', 'runtime')}'`));
    expect(taken.length).toBeGreaterThan(50);
    expect(Object.values(ELSEWHERE).filter((place) => place.includes('/') && !existsSync(place))).toEqual([]);
    expect(taken.filter((type) => ELSEWHERE[type] === undefined && !isShown(type))).toEqual([]);
  });
});

async function archive(): Promise<Uint8Array> {
  const tar = pack();
  tar.entry({ name: 'automations/one.yaml' }, ONE);
  tar.finalize();
  return gzipSync(Buffer.concat(await Array.fromAsync(tar as AsyncIterable<Uint8Array>)));
}
