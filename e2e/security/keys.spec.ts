import { hash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiProblem, MillraceClient, type EventFeed, type FeedNews } from '@millrace/client';
import { EventsService, GatewayService, KeysService, TokensService, WorkspacesService } from '@millrace/contracts';
import type { Json, JsonMap } from '@millrace/kernel';
import { EventsSeen, signedIn, startStandaloneProcess, temporaryFolder, type StandaloneProcess } from '@millrace/testing';
import { io, type Socket } from 'socket.io-client';

const PASSWORD = 'a-password-for-tests';
const AUTOMATION = 'when: { endpoint: { path: who, access: signed-in } }\ndo: []\noutput: hello\n';
/** Milliseconds in which every gateway refuses what was revoked, and in which its sockets are closed. */
const [API, SOCKETS] = [2_000, 5_000];

const { createWorkspace, getWorkspace, listWorkspaces, putAutomation, publishVersion, updateWorkspace } = WorkspacesService.method;
const { createKey, listKeys, revokeKey, rotateKey, updateKey } = KeysService.method;
const { createToken, listTokens, revokeToken } = TokensService.method;
const { emitEvents, searchEvents } = EventsService.method;
const { getMe } = GatewayService.method;

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

describe('keys and tokens at the door', () => {
  const folder = temporaryFolder();
  const secrets: string[] = [];
  const feeds: EventFeed[] = [];
  const sockets: Socket[] = [];
  let millrace: StandaloneProcess;
  let ada: MillraceClient;
  let id: string;

  beforeAll(async () => {
    millrace = await startStandaloneProcess({ folder: folder.path, password: PASSWORD });
    ada = await signedIn(millrace.url, 'ada', PASSWORD);
    id = textOf((await ada.call(createWorkspace, { name: 'Mill' }))['id']);
    await ada.call(putAutomation, { workspaceId: id, slug: 'who', source: AUTOMATION });
    await ada.call(publishVersion, { workspaceId: id, message: 'first' });
  });

  afterEach(() => {
    for (const feed of feeds.splice(0)) feed.stop();
    for (const socket of sockets.splice(0)) socket.disconnect();
  });

  afterAll(async () => {
    await millrace.stop();
    folder[Symbol.dispose]();
  });

  const by = (secret: string): MillraceClient => new MillraceClient({ url: millrace.url, token: () => secret });

  const keep = ({ key, token, secret }: JsonMap): { id: string; secret: string } => {
    secrets.push(textOf(secret));
    return { id: textOf(((key ?? token) as JsonMap)['id']), secret: textOf(secret) };
  };

  const key = async (rights: JsonMap = { role: 'owner' }, client = ada) =>
    keep(await client.call(createKey, { workspaceId: id, name: 'ci', ...rights }));

  const token = async (scopes: string[], more: JsonMap = {}) => keep(await ada.call(createToken, { name: 'laptop', scopes, ...more }));

  const ask = (path: string, headers: Record<string, string>, method = 'GET'): Promise<Response> =>
    fetch(`${millrace.url}${path}`, { method, headers });

  const codeOf = async (response: Response): Promise<[number, string]> => [
    response.status,
    textOf(((await response.json()) as JsonMap)['code']),
  ];

  /** Asks until it is refused; throws when that takes too long. Nothing is let in again after that. */
  const refusedWithin = async (milliseconds: number, client: MillraceClient): Promise<void> => {
    const deadline = Date.now() + milliseconds;
    const refused = async (): Promise<boolean> => (await statusOf(client.call(getMe))) === 401;
    while (!(await refused())) if (Date.now() > deadline) throw new Error(`It was still let in after ${milliseconds} ms.`);
    for (let tries = 0; tries < 10; tries += 1) expect(await refused()).toBe(true);
  };

  const follow = async (client: MillraceClient): Promise<{ seen: EventsSeen; closed: Promise<FeedNews> }> => {
    const seen = new EventsSeen();
    const feed = client.events(id, { types: ['mill.>'] });
    feeds.push(feed);
    const { promise: closed, resolve } = Promise.withResolvers<FeedNews>();
    await feed.start(seen.take, resolve);
    return { seen, closed };
  };

  const inTime = <T>(promise: Promise<T>, milliseconds: number): Promise<T> =>
    Promise.race([
      promise,
      once(AbortSignal.timeout(milliseconds), 'abort').then(() => {
        throw new Error(`It took longer than ${milliseconds} ms.`);
      }),
    ]);

  const emit = (type: string, client = ada): Promise<JsonMap> =>
    client.call(emitEvents, { workspaceId: id, events: [{ type, payload: {} }] });

  describe('who is calling', () => {
    it('is the key, in either header, and at endpoints too', async () => {
      const { id: keyId, secret } = await key({ role: 'viewer' });
      for (const headers of [{ authorization: `Bearer ${secret}` }, { 'millrace-api-key': secret }]) {
        expect(await (await ask('/v1/me', headers)).json()).toMatchObject({ kind: 'key', id: keyId, workspace: id });
        expect((await ask(`/e/mill/who`, headers)).status).toBe(200);
      }
      expect((await ask('/e/mill/who', {})).status).toBe(401);
      expect((await ask('/e/mill/who', { 'millrace-api-key': `${secret}x` })).status).toBe(401);
    });

    it('is the person, narrowed', async () => {
      const { id: tokenId, secret } = await token(['read:me'], { workspaces: ['mill'] });
      const me = await by(secret).call(getMe);
      expect(me).toMatchObject({ kind: 'user', scopes: ['read:me'], workspaces: [id], session: tokenId });
      expect(me['id']).toBe((await ada.call(getMe))['id']);
    });

    it('is not guessed from two credentials', async () => {
      const { secret } = await key();
      for (const authorization of [`Bearer ${secret}`, 'Basic YTpi']) {
        expect(await codeOf(await ask('/v1/me', { authorization, 'millrace-api-key': secret }))).toEqual([
          400,
          'api.credentials_ambiguous',
        ]);
      }
    });

    it('is nobody with a key that ended, and the day of the last use is known', async () => {
      const { secret } = await key();
      await by(secret).call(getMe);
      const { items } = await ada.call(listKeys, { workspaceId: id, limit: 200 });
      const used = (items as JsonMap[]).find(({ prefix }) => secret.startsWith(textOf(prefix)));
      expect(used?.['lastUsedOn']).toBe(new Date().toISOString().slice(0, 10));
      const short = await key({ role: 'viewer', expiresAt: new Date(Date.now() + 500).toISOString() });
      await refusedWithin(API, by(short.secret));
    });

    it('is a key in its networks only', async () => {
      const { id: keyId, secret } = await key({ role: 'viewer', addresses: ['203.0.113.0/24', '2001:db8::/32'] });
      expect(await codeOf(await ask('/v1/me', { 'millrace-api-key': secret }))).toEqual([403, 'auth.address_denied']);
      expect(await codeOf(await ask('/v1/me', { 'millrace-api-key': secret, 'x-forwarded-for': '203.0.113.9' }))).toEqual([
        403,
        'auth.address_denied',
      ]);
      await expect(
        by(secret)
          .events(id, {})
          .start(() => undefined),
      ).rejects.toMatchObject({ code: 'auth.address_denied' });
      await ada.call(updateKey, { workspaceId: id, keyId, ifMatch: '*', addresses: { networks: ['127.0.0.0/8', '::1/128'] } });
      const deadline = Date.now() + API;
      while ((await ask('/v1/me', { 'millrace-api-key': secret })).status !== 200) expect(Date.now()).toBeLessThan(deadline);
      await expect(key({ role: 'viewer', addresses: ['300.1.1.1/8'] })).rejects.toMatchObject({ status: 400 });
    });
  });

  describe('a scope', () => {
    const missing = (scope: string) => ({ status: 403, code: 'auth.scope_missing', facts: { scope } });

    it('is needed for each call, and named when it is missing', async () => {
      const reader = by((await token(['read:events'])).secret);
      await reader.call(searchEvents, { workspaceId: id });
      await expect(emit('mill.turned', reader)).rejects.toMatchObject(missing('create:events'));
      await expect(reader.call(getWorkspace, { workspaceId: id })).rejects.toMatchObject(missing('read:workspaces'));
      await expect(reader.call(listKeys, { workspaceId: id })).rejects.toMatchObject(missing('manage:keys'));
      await expect(reader.call(getMe)).rejects.toMatchObject(missing('read:me'));
      await expect(reader.call(createWorkspace, { name: 'Other' })).rejects.toMatchObject(missing('manage:me'));
    });

    it('may be all actions, all subjects, or both', async () => {
      await emit('mill.turned', by((await token(['*:events'])).secret));
      const reads = by((await token(['read:*'])).secret);
      for (const method of [getWorkspace, searchEvents]) await reads.call(method, { workspaceId: id });
      await reads.call(listWorkspaces);
      await expect(emit('mill.turned', reads)).rejects.toMatchObject(missing('create:events'));
      await by((await token(['*:*'])).secret).call(updateWorkspace, { workspaceId: id, description: 'by token', ifMatch: '*' });
    });

    it('is needed on a socket, to listen and to speak', async () => {
      const writer = by((await token(['create:events'])).secret);
      await expect(writer.events(id, {}).start(() => undefined)).rejects.toMatchObject({ status: 403 });
      const socket = connect((await token(['read:events'])).secret);
      await connected(socket);
      expect(await socket.emitWithAck('emit', { type: 'mill.turned', payload: {} })).toMatchObject({
        code: 'events.create_denied',
        status: 403,
      });
    });

    it('reaches no workspace that the token is not for', async () => {
      const other = textOf((await ada.call(createWorkspace, { name: 'Bakery' }))['id']);
      const holder = by((await token(['*:*'], { workspaces: ['mill'] })).secret);
      await holder.call(getWorkspace, { workspaceId: id });
      for (const method of [getWorkspace, searchEvents]) {
        await expect(holder.call(method, { workspaceId: other })).rejects.toMatchObject({ status: 404, code: 'workspaces.not_found' });
      }
      await expect(holder.events(other, {}).start(() => undefined)).rejects.toMatchObject({ code: 'workspaces.not_found' });
    });
  });

  describe('nobody gets more than they have:', () => {
    const few = {
      rules: [
        { allow: ['manage'], on: ['keys'] },
        { allow: ['read'], on: ['events'] },
      ],
    };

    it('a key makes no key with more than its own rights', async () => {
      const holder = by((await key(few)).secret);
      for (const rights of [{ role: 'owner' }, { role: 'viewer' }, { rules: [{ allow: ['create'], on: ['events'] }] }]) {
        await expect(key(rights, holder)).rejects.toMatchObject({ status: 403, code: 'keys.more_than_yours' });
      }
      const child = await key({ rules: [{ allow: ['read'], on: ['events'] }] }, holder);
      await by(child.secret).call(searchEvents, { workspaceId: id });
      await expect(emit('mill.turned', by(child.secret))).rejects.toMatchObject({ status: 403, code: 'events.create_denied' });
    });

    it('a key does not get hold of one that may more than it may', async () => {
      const mighty = await key();
      const { id: own, secret } = await key(few);
      await expect(by(secret).call(rotateKey, { workspaceId: id, keyId: mighty.id })).rejects.toMatchObject({
        code: 'keys.more_than_yours',
      });
      await expect(
        by(secret).call(updateKey, { workspaceId: id, keyId: own, rights: { role: 'owner' }, ifMatch: '*' }),
      ).rejects.toMatchObject({
        code: 'keys.more_than_yours',
      });
    });

    it('a token makes no token, whatever its scopes, and no key with more than those', async () => {
      const holder = by((await token(['*:*'])).secret);
      await expect(holder.call(createToken, { name: 'more', scopes: ['read:events'] })).rejects.toMatchObject({
        status: 403,
        code: 'tokens.sign_in_needed',
      });
      const few = by((await token(['manage:keys', 'read:events'])).secret);
      await expect(key({ role: 'viewer' }, few)).rejects.toMatchObject({ status: 403, code: 'keys.more_than_yours' });
      await expect(by((await key()).secret).call(createToken, { name: 'more', scopes: ['read:events'] })).rejects.toMatchObject({
        status: 403,
      });
    });
  });

  describe('what is revoked', () => {
    it('is refused within two seconds, while requests are on their way', async () => {
      for (const revoke of [await revocationOfKey(), await revocationOfToken()]) {
        const [client, undo] = revoke;
        await client.call(getMe);
        const asking = Array.from({ length: 20 }, () => statusOf(client.call(searchEvents, { workspaceId: id })));
        await undo();
        // On its way when its rights were gone: nobody's, or of a stranger.
        expect((await Promise.all(asking)).filter((status) => ![200, 401, 404].includes(status))).toEqual([]);
        await refusedWithin(API, client);
      }
    });

    it('hears nothing more on sockets within five seconds, however it got in, and does not get in again', async () => {
      for (const [client, undo, secret] of [await revocationOfKey(), await revocationOfToken()]) {
        const { seen, closed } = await follow(client);
        const socket = connect(undefined, { authorization: `Bearer ${secret}` });
        await connected(socket);
        const gone = new Promise<string>((resolve) => socket.on('disconnect', resolve));
        await emit('mill.turned');
        await seen.until(({ type }) => type === 'mill.turned');
        await undo();
        expect(await inTime(closed, SOCKETS)).toMatchObject({ kind: 'closed' });
        await inTime(gone, SOCKETS);
        await refusedWithin(API, client);
        const witness = await follow(ada);
        await emit('mill.stopped');
        await witness.seen.until(({ type }) => type === 'mill.stopped');
        expect(seen.types()).not.toContain('mill.stopped');
      }
    });

    it('is the old secret at once, when a key is rotated without overlap, and goes on with one', async () => {
      const { id: keyId, secret: first } = await key();
      await by(first).call(getMe);
      const second = keep(await ada.call(rotateKey, { workspaceId: id, keyId }));
      for (const each of [first, second.secret]) await by(each).call(getMe);
      const third = keep(await ada.call(rotateKey, { workspaceId: id, keyId, overlap: 0 }));
      for (const each of [first, second.secret]) await refusedWithin(API, by(each));
      await by(third.secret).call(getMe);
    });

    it('is every key that was made with it', async () => {
      const parent = await key();
      const child = await key({ role: 'viewer' }, by(parent.secret));
      await by(child.secret).call(getMe);
      await ada.call(revokeKey, { workspaceId: id, keyId: parent.id });
      await refusedWithin(API, by(child.secret));
    });
  });

  it('keeps no secret: not in the stores, not on the log, not in what it prints', async () => {
    const made = await ada.fetch(`/v1/workspaces/${id}/keys`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': 'once' },
      body: JSON.stringify({ name: 'once', role: 'viewer' }),
    });
    const { secret } = keep((await made.json()) as JsonMap);
    await by(secret).call(getMe);
    expect(secrets.length).toBeGreaterThan(20);
    const kept = [millrace.output(), ...filesBelow(folder.path).map((file) => readFileSync(file).toString('latin1'))];
    for (const text of secrets) {
      const [, , proof = text] = text.split('_');
      expect(kept.filter((each) => each.includes(proof))).toEqual([]);
    }
    expect(kept.some((each) => each.includes(hash('sha256', secret, 'base64url')))).toBe(true);
  });

  it('takes no digest for a secret', async () => {
    const { secret } = await key();
    const [prefix = '', keyId = ''] = secret.split('_');
    const digest = hash('sha256', secret, 'base64url');
    const hex = hash('sha256', secret);
    for (const stolen of [digest, hex, `${prefix}_${keyId}_${digest}`, `${prefix}_${keyId}_${hex.slice(0, 57)}`]) {
      expect((await ask('/v1/me', { authorization: `Bearer ${stolen}` })).status).toBe(401);
    }
  });

  it('shows tokens to their person without secrets', async () => {
    const { items } = await ada.call(listTokens);
    expect(JSON.stringify(items)).toContain('laptop');
    for (const text of secrets) expect(JSON.stringify(items)).not.toContain(text.split('_')[2]);
  });

  async function revocationOfKey(): Promise<[MillraceClient, () => Promise<JsonMap>, string]> {
    const { id: keyId, secret } = await key();
    return [by(secret), () => ada.call(revokeKey, { workspaceId: id, keyId }), secret];
  }

  async function revocationOfToken(): Promise<[MillraceClient, () => Promise<JsonMap>, string]> {
    const { id: tokenId, secret } = await token(['*:*']);
    return [by(secret), () => ada.call(revokeToken, { tokenId }), secret];
  }

  function connect(secret: string | undefined, headers: Record<string, string> = {}): Socket {
    const socket = io(`${millrace.url}/v1/workspaces/${id}/events`, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      extraHeaders: headers,
      ...(secret === undefined ? {} : { auth: { token: secret } }),
    });
    sockets.push(socket);
    return socket;
  }

  function connected(socket: Socket): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    socket.on('connect', resolve).on('connect_error', reject);
    return inTime(promise, 20_000);
  }
});

describe('who tries keys', () => {
  const folder = temporaryFolder();
  let millrace: StandaloneProcess;

  beforeAll(async () => {
    millrace = await startStandaloneProcess({
      folder: folder.path,
      password: PASSWORD,
      environment: { MILLRACE_GATEWAY_FILE: '' },
    });
  });

  afterAll(async () => {
    await millrace.stop();
    folder[Symbol.dispose]();
  });

  it('is not listened to after twenty of them, while a key that was good goes on', async () => {
    const ada = await signedIn(millrace.url, 'ada', PASSWORD);
    const id = textOf((await ada.call(createWorkspace, { name: 'Mill' }))['id']);
    const secretOf = async (): Promise<string> =>
      textOf((await ada.call(createKey, { workspaceId: id, name: 'ci', role: 'viewer' }))['secret']);
    const [used, unused] = [await secretOf(), await secretOf()];
    const ask = (secret: string): Promise<Response> => fetch(`${millrace.url}/v1/me`, { headers: { 'millrace-api-key': secret } });
    expect((await ask(used)).status).toBe(200);
    const tried: number[] = [];
    for (let tries = 0; tries < 24; tries += 1) tried.push((await ask(`${used.slice(0, -1)}${tries % 2 === 0 ? '-' : '_'}`)).status);
    expect(tried.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 401));
    expect(tried.at(-1)).toBe(429);
    const shut = await ask(unused);
    expect([shut.status, Number(shut.headers.get('retry-after')) > 500]).toEqual([429, true]);
    expect((await ask(used)).status).toBe(200);
    expect(await ada.call(getMe)).toMatchObject({ kind: 'user' });
  });
});

/** The status of a call. */
async function statusOf(call: Promise<unknown>): Promise<number> {
  try {
    await call;
    return 200;
  } catch (error) {
    if (error instanceof ApiProblem) return error.status;
    throw error;
  }
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile());
}
