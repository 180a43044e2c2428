import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonMap } from '@millrace/kernel';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { Ground } from './ground';

type Texts = Readonly<Record<string, string>>;

/** An answer, read: its status, its body, and the code of its problem. */
interface Answer {
  readonly status: number;
  readonly code: string;
  readonly body: JsonMap;
}

/** What somebody may who writes automations and says who else may what, and nothing more. */
const LEAD = [
  { allow: ['manage'], on: ['automations', 'members', 'roles'] },
  { allow: ['read', 'update'], on: ['versions'] },
];
const RUNS = '{ allow: [delete], on: [runs] }';
const AUTOMATION = 'do: []\n';
const NOTHING: { readonly type?: string; readonly body?: string | Uint8Array } = {};
const TYPE = 'type: room.booked\nschema: { type: object }\n';

async function archived(texts: Texts): Promise<Uint8Array<ArrayBuffer>> {
  const tar = pack();
  for (const [name, text] of Object.entries(texts)) tar.entry({ name }, text);
  tar.finalize();
  return new Uint8Array(gzipSync(Buffer.concat(await Array.fromAsync(tar as AsyncIterable<Uint8Array>))));
}

/** A body as it is sent: archives, texts, and documents. */
function written(body: unknown): { readonly type: string; readonly body: string | Uint8Array } {
  if (body instanceof Uint8Array) return { type: 'application/gzip', body };
  return typeof body === 'string' ? { type: 'application/yaml', body } : { type: 'application/json', body: JSON.stringify(body) };
}

describe('nobody gives more than they have', () => {
  let ground: Ground;
  let bob: string;
  let made = 0;
  const tokens: Record<string, string> = {};

  beforeAll(async () => {
    ground = await Ground.make();
    for (const name of ['ada', 'bob']) tokens[name] = await ground.token(name);
    bob = (await done('GET', '/v1/me', undefined, 'bob'))['id'] as string;
  });

  afterAll(async () => {
    await ground.stop();
  });

  /** `who`: a person, or a credential as it is. */
  async function call(method: string, path: string, body?: unknown, who = 'ada', revision?: string): Promise<Answer> {
    const isAnyway = method === 'DELETE' || path.includes('/draft:');
    const condition = revision ?? (isAnyway ? '*' : undefined);
    const { type, ...sent } = body === undefined ? NOTHING : written(body);
    const headers = {
      authorization: `Bearer ${tokens[who] ?? who}`,
      ...(type === undefined ? {} : { 'content-type': type }),
      ...(condition === undefined ? {} : { 'if-match': condition }),
    };
    const answer = await ground.ask(path, { method, headers, ...sent });
    const read = answer.body === '' ? {} : (JSON.parse(answer.body) as JsonMap);
    return { status: answer.status, code: typeof read['code'] === 'string' ? read['code'] : '', body: read };
  }

  async function done(method: string, path: string, body?: unknown, who = 'ada'): Promise<JsonMap> {
    const { status, body: answer } = await call(method, path, body, who);
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(answer)}`);
    return answer;
  }

  /** A workspace of ada's in which bob has a role of these rules. */
  async function shared(rules: readonly object[] = LEAD): Promise<string> {
    made += 1;
    const { id } = await done('POST', '/v1/workspaces', { name: `Giving ${made}` });
    const path = `/v1/workspaces/${id as string}`;
    await done('PUT', `${path}/roles/lead`, { title: 'Lead', rules });
    await done('POST', `${path}/members`, { userId: bob, roles: ['lead'] });
    return path;
  }

  const namesIn = async (path: string, field = 'name'): Promise<readonly unknown[]> =>
    ((await done('GET', path))['items'] as unknown as readonly JsonMap[])
      .filter(({ builtIn }) => builtIn !== true)
      .map((one) => one[field]);

  const noteOf = ({ body }: Answer, file = 'roles.yaml'): JsonMap | undefined =>
    (body['report'] as unknown as readonly JsonMap[]).find((note) => note['file'] === file);

  const draftOf = async (path: string): Promise<readonly unknown[]> =>
    (((await done('GET', `${path}/draft`))['files'] ?? []) as unknown as readonly JsonMap[]).map((file) => file['path']);

  describe('by the roles of an archive', () => {
    it.each([
      ['rules', `boss:\n  rules:\n    - ${RUNS}\n`],
      ['inheritance', 'boss: { inherits: [owner] }\n'],
      ['the role of everybody', `everyone:\n  rules:\n    - ${RUNS}\n`],
      ['a claim of their own', `boss: { inherits: [editor], grants: [{ claim: email, prefix: bob }] }\n`],
      ['their own role', `lead:\n  rules:\n    - { allow: [manage], on: [automations, members, roles, secrets] }\n`],
    ])('with %s: none of them holds, and the report says why', async (_, roles) => {
      const path = await shared();
      const archive = await archived({
        'roles.yaml': `mild:\n  rules: [{ allow: [read], on: [automations] }]\n${roles}`,
        'automations/a.yaml': AUTOMATION,
      });
      const before = (await done('GET', `${path}/roles`))['items'];
      for (const query of ['?dryRun=true', '']) {
        const answer = await call('POST', `${path}:import${query}`, archive, 'bob');
        expect([answer.status, noteOf(answer)]).toEqual([
          200,
          expect.objectContaining({ outcome: 'refused', reason: expect.stringContaining('Nobody gives more than they have') }),
        ]);
      }
      expect((await done('GET', `${path}/roles`))['items']).toEqual(before);
      const allowed = await call('POST', `${path}:import`, archive);
      expect(noteOf(allowed)).toMatchObject({ outcome: 'same' });
      expect(await namesIn(`${path}/roles`)).toContain('mild');
    });

    it('that lift what is denied to whoever brings them', async () => {
      const path = await shared([...LEAD, { deny: ['delete'], on: ['members'] }]);
      const lighter = await archived({ 'roles.yaml': 'lead:\n  rules: [{ allow: [manage], on: [automations] }]\n' });
      expect(noteOf(await call('POST', `${path}:import`, lighter, 'bob'))).toMatchObject({ outcome: 'refused' });
      expect((await call('PUT', `${path}/roles/lead`, { title: '', rules: [] }, 'bob', '*')).code).toBe('roles.manage_exceeded');
      expect((await call('DELETE', `${path}/roles/lead`, undefined, 'bob')).code).toBe('roles.manage_exceeded');
    });

    it('who may not say who may what at all, though they may import', async () => {
      const path = await shared([{ allow: ['manage'], on: ['automations'] }]);
      const answer = await call('POST', `${path}:import`, await archived({ 'roles.yaml': 'mild: {}\n' }), 'bob');
      expect([answer.status, noteOf(answer)?.['outcome']]).toEqual([200, 'refused']);
      expect(await namesIn(`${path}/roles`)).toEqual(['lead']);
    });

    it('with a token for less than its person may', async () => {
      const { secret } = await done('POST', '/v1/me/tokens', { name: 'narrow', scopes: ['manage:me', 'manage:automations'] }, 'bob');
      const archive = await archived({ 'roles.yaml': `boss:\n  rules: [${RUNS}]\n`, 'automations/a.yaml': AUTOMATION });
      for (const [query, status] of [
        ['&dryRun=true', 200],
        ['', 201],
      ] as const) {
        const answer = await call('POST', `/v1/workspaces:import?name=Narrow${query}`, archive, secret as string);
        expect([answer.status, noteOf(answer)?.['outcome']]).toEqual([status, 'refused']);
      }
      const whole = await call('POST', '/v1/workspaces:import?name=Whole', archive, 'bob');
      expect([whole.status, noteOf(whole)?.['outcome']]).toEqual([201, 'same']);
    });
  });

  describe('by the files of an archive', () => {
    const FILES: readonly (readonly [string, string, string])[] = [
      ['workspace.yaml', 'name: Other\nlanguage: 1\nconfig: { value: { host: evil.test } }\n', 'config.update_denied'],
      ['events/room.booked.yaml', TYPE, 'event-types.update_denied'],
      ['apps.yaml', 'crm: { app: crm, version: 1.0.0 }\n', 'apps.create_denied'],
      ['apps.lock', 'crm: { app: crm, version: 1.0.0, digest: a, consent: b }\n', 'apps.create_denied'],
    ];

    it.each(FILES)('that other calls write, as %s: nothing of it is taken', async (file, text, code) => {
      const path = await shared();
      const files = { [file]: text, 'automations/a.yaml': AUTOMATION };
      const archive = await archived(files);
      for (const query of ['?dryRun=true', '']) {
        const answer = await call('POST', `${path}:import${query}`, archive, 'bob');
        expect([answer.status, answer.code]).toEqual([403, code]);
      }
      const applied = await call('POST', `${path}/draft:apply`, { files }, 'bob');
      expect([applied.status, applied.code]).toEqual([403, code]);
      expect(await draftOf(path)).toEqual([]);
    });

    it('nor by a key that may import', async () => {
      const path = await shared();
      const rules = [{ allow: ['manage'], on: ['automations'] }];
      const { secret } = await done('POST', `${path}/keys`, { name: 'ci', rules });
      const typed = await call('POST', `${path}:import`, await archived({ 'events/room.booked.yaml': TYPE }), secret as string);
      expect([typed.status, typed.code]).toEqual([403, 'event-types.update_denied']);
      const plain = await call('POST', `${path}:import`, await archived({ 'automations/a.yaml': AUTOMATION }), secret as string);
      expect(plain.status).toBe(200);
      const anew = await call('POST', '/v1/workspaces:import?name=Of+a+key', await archived({}), secret as string);
      expect([anew.status, anew.code]).toEqual([403, 'workspaces.owner_missing']);
    });

    it('nor the manifest of an app that nobody there consented to: it is not published, and shows nothing', async () => {
      const app = await shared();
      await done('PUT', `${app}/automations/hidden`, 'do: []\noutput: canary-of-an-app\n');
      await done('POST', `${app}/versions`, {});
      const { digest, permissions } = await done('POST', `${app}/app-versions`, { number: '1.0.0', slug: 'hidden-app' });
      const { digest: consent } = permissions as JsonMap;
      const lock = { app: 'hidden-app', version: '1.0.0', digest, consent };
      const archive = await archived({
        'workspace.yaml': 'name: Thief\nlanguage: 1\n',
        'apps.yaml': 'crm: { app: hidden-app, version: 1.0.0 }\n',
        'apps.lock': JSON.stringify({ crm: lock }),
      });
      const { status, body } = await call('POST', '/v1/workspaces:import?slug=thief', archive, 'bob');
      expect([status, body['problems']]).toEqual([201, [expect.objectContaining({ code: 'app-lock' })]]);
      expect((await call('POST', '/v1/workspaces/thief/versions', {}, 'bob')).code).toBe('workspaces.document_invalid');
      const seen = await call('GET', '/v1/workspaces/thief/apps/crm', undefined, 'bob');
      expect(JSON.stringify([seen, body])).not.toContain('canary-of-an-app');
      const consenting = await call('POST', '/v1/workspaces/thief/apps/crm:consent', { consent }, 'bob');
      expect([consenting.status, consenting.code]).toEqual([404, 'apps.not_found']);
    });
  });

  describe('by a copy', () => {
    it('which has neither secrets, keys, members nor roles, nor what is written of roles', async () => {
      const path = await shared([{ allow: ['read'], on: ['automations'] }]);
      await done('PUT', `${path}/secrets/MAIL`, { value: 'canary-of-a-secret' });
      await done('POST', `${path}/keys`, { name: 'ci', role: 'viewer' });
      await done('POST', `${path}:import`, await archived({ 'roles.yaml': 'guests: {}\n', 'automations/a.yaml': AUTOMATION }));
      const { id } = await done('POST', `${path}:duplicate`, { name: 'Copy' }, 'bob');
      const copy = `/v1/workspaces/${id as string}`;
      for (const kind of ['secrets', 'keys', 'members']) expect([kind, await namesIn(`${copy}/${kind}`)]).toEqual([kind, []]);
      expect(await namesIn(`${copy}/roles`)).toEqual([]);
      expect(await draftOf(copy)).toEqual(['automations/a.yaml']);
    });

    it.each([
      ['members may not be managed', [{ allow: ['read'], on: ['automations', 'roles', 'members'] }], 'members.manage_denied'],
      [
        'roles may not be read',
        [
          { allow: ['read'], on: ['automations'] },
          { allow: ['manage'], on: ['members'] },
        ],
        'roles.read_denied',
      ],
    ])('with members, where %s', async (_, rules, code) => {
      const path = await shared(rules);
      const before = (await done('GET', '/v1/workspaces', undefined, 'bob'))['items'];
      const answer = await call('POST', `${path}:duplicate`, { name: 'Copy', with: ['members'] }, 'bob');
      expect([answer.status, answer.code]).toEqual([403, code]);
      expect((await done('GET', '/v1/workspaces', undefined, 'bob'))['items']).toEqual(before);
    });

    it('of a workspace in which they may read events only', async () => {
      const path = await shared([{ allow: ['read'], on: ['events'] }]);
      expect((await call('POST', `${path}:duplicate`, { name: 'Copy' }, 'bob')).code).toBe('automations.read_denied');
    });

    it('with a credential that is for others, or for less', async () => {
      const path = await shared([{ allow: ['read'], on: ['automations'] }]);
      const { secret: key } = await done('POST', `${path}/keys`, { name: 'ci', role: 'owner' });
      expect((await call('POST', `${path}:duplicate`, { name: 'Copy' }, key as string)).code).toBe('workspaces.owner_missing');
      const id = path.slice('/v1/workspaces/'.length);
      for (const [more, code] of [
        [{ scopes: ['*:*'], workspaces: [id] }, 'workspaces.credential_elsewhere'],
        [{ scopes: ['read:automations'] }, 'auth.scope_missing'],
      ] as const) {
        const { secret } = await done('POST', '/v1/me/tokens', { name: 'narrow', ...more }, 'bob');
        expect((await call('POST', `${path}:duplicate`, { name: 'Copy' }, secret as string)).code).toBe(code);
      }
    });
  });

  describe('by a share', () => {
    const OBJECT = { subject: 'automations', object: 'a' };
    const SHARED = { ...OBJECT, userId: 'another' };
    const RULES = [
      { allow: ['manage'], on: ['members'] },
      { allow: ['read'], on: ['automations', 'roles'] },
    ];

    /** As `shared`, with an automation in it. */
    async function furnished(rules: readonly object[] = RULES): Promise<string> {
      const path = await shared(rules);
      await done('PUT', `${path}/automations/a`, AUTOMATION);
      return path;
    }

    const EXCEEDED: readonly (readonly [what: string, said: (bob: string) => object])[] = [
      ['an action that they do not have', () => ({ userId: 'another', actions: ['read', 'execute'] })],
      ['a kind that they do not have', () => ({ userId: 'another', actions: ['read'], subject: 'runs', object: `run_${'0'.repeat(26)}` })],
      ['with themselves', (self) => ({ userId: self, actions: ['update'] })],
      ['with their own role', () => ({ role: 'lead', actions: ['update'] })],
      ['with everyone', () => ({ role: 'everyone', actions: ['execute'] })],
      ['with an address', () => ({ email: 'bob@hotel.example', actions: ['update'] })],
    ];

    it.each(EXCEEDED)('of more than they have: %s', async (_, said) => {
      const path = await furnished();
      const answer = await call('POST', `${path}/shares`, { ...OBJECT, ...said(bob) }, 'bob');
      expect([answer.status, answer.code]).toEqual([403, 'roles.manage_exceeded']);
      expect(await namesIn(`${path}/shares`, 'id')).toEqual([]);
    });

    it('of what was shared with them, or what they have under conditions, by a share or by a role', async () => {
      const conditional = { allow: ['execute'], on: ['automations'], where: "labels = 'front'" };
      const path = await furnished([...RULES, conditional, { allow: ['manage'], on: ['roles'] }]);
      await done('POST', `${path}/shares`, { ...SHARED, userId: bob, actions: ['execute', 'update'] });
      for (const action of ['execute', 'update']) {
        const answer = await call('POST', `${path}/shares`, { ...SHARED, actions: [action] }, 'bob');
        expect([action, answer.status, answer.code]).toEqual([action, 403, 'roles.manage_exceeded']);
      }
      const rules = [{ allow: ['update'], on: ['automations'], where: "slug = 'a'" }];
      expect((await call('PUT', `${path}/roles/boss`, { title: '', rules }, 'bob')).code).toBe('roles.manage_exceeded');
    });

    it('with a token for less than its person may, or by who may not say who may what', async () => {
      const path = await furnished();
      const { secret } = await done('POST', '/v1/me/tokens', { name: 'narrow', scopes: ['manage:members'] }, 'bob');
      const asked = { ...SHARED, actions: ['read'] };
      expect((await call('POST', `${path}/shares`, asked, secret as string)).status).toBe(403);
      expect((await call('POST', `${path}/shares`, asked, 'bob')).status).toBe(201);
      const { id } = await done('POST', `${path}/shares`, { ...asked, userId: bob });
      const other = await furnished([{ allow: ['read'], on: ['automations', 'members'] }]);
      expect((await call('POST', `${other}/shares`, asked, 'bob')).code).toBe('members.manage_denied');
      expect((await call('DELETE', `${other}/shares/${id as string}`)).code).toBe('workspaces.share_not_found');
    });

    it('of a file that they do not see', async () => {
      const path = await furnished([...RULES, { allow: ['read'], on: ['files'] }]);
      const { id } = await done('POST', `${path}/files?name=diary`, 'canary-of-a-diary');
      const answer = await call(
        'POST',
        `${path}/shares`,
        { ...SHARED, subject: 'files', object: id, userId: bob, actions: ['read'] },
        'bob',
      );
      expect([answer.status, answer.code]).toEqual([404, 'workspaces.file_not_found']);
    });
  });

  it('by a version that is laid out again', async () => {
    const path = await shared();
    const published = await done(
      'POST',
      `${path}:import`,
      await archived({ 'events/room.booked.yaml': TYPE, 'roles.yaml': 'guests: {}\n' }),
    );
    expect(published['applied']).toBe(true);
    await done('POST', `${path}/versions`, {});
    await done('DELETE', `${path}/event-types/room.booked`);
    await done('DELETE', `${path}/roles/guests`);
    const refused = await call('POST', `${path}/versions/1:checkout`, {}, 'bob');
    expect([refused.status, refused.code]).toEqual([403, 'event-types.update_denied']);
    const discarded = await call('POST', `${path}/draft:discard`, {}, 'bob');
    expect([discarded.status, discarded.code]).toEqual([403, 'event-types.update_denied']);
    expect(await draftOf(path)).toEqual(['roles.yaml']);
    expect((await call('POST', `${path}/versions/1:checkout`, { exclude: ['events/'] }, 'bob')).status).toBe(200);
    await done('POST', `${path}/versions/1:checkout`, {});
    expect(await draftOf(path)).toEqual(['events/room.booked.yaml', 'roles.yaml']);
    expect(await namesIn(`${path}/roles`)).toEqual(['lead']);
  });
});
