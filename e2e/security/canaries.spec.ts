import { readFileSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MillraceClient } from '@millrace/client';
import { EventsService, KeysService, SecretsService, TokensService } from '@millrace/contracts';
import { io } from 'socket.io-client';
import { Ground, PASSWORD } from './ground';

/** Shows the workspace all that an author can see of a call. */
const SHOWING = `
when: { endpoint: { path: show, methods: [get, post], access: public } }
do:
  - emit: { event: call.seen, payload: { headers: '{{headers}}', query: '{{query}}', body: '{{body}}', user: '{{user}}' } }
output: { headers: '{{headers}}', user: '{{user}}' }
`;
const TRIES = 500;
/** Requests that come later. */
const LATER = 32;
/** These stand in the environment of the process, for as long as it lives. */
const STARTED_WITH = ['admin', 'password'];

describe('a credential of ours', () => {
  const canaries = new Map<string, string>();
  let ground: Ground;
  let ada: MillraceClient;
  let workspaceId: string;

  beforeAll(async () => {
    ground = await Ground.make({
      ...{ MILLRACE_LOG_LEVEL: 'trace', MILLRACE_ADMIN_TOKEN: 'a-canary-of-an-admin-token', MILLRACE_HEAPDUMP: 'true' },
    });
    ada = await ground.as('ada');
    workspaceId = await ground.workspace(ada, { show: SHOWING });
    const [token, key, secret] = [
      await ada.call(TokensService.method.createToken, { name: 'laptop', scopes: ['*:*'] }),
      await ada.call(KeysService.method.createKey, { workspaceId, name: 'ci', role: 'owner' }),
      'a-canary-of-a-workspace-secret',
    ];
    await ada.call(SecretsService.method.setSecret, { workspaceId, name: 'CANARY', value: secret });
    const form = new URLSearchParams({
      grant_type: 'password',
      client_id: 'millrace-cli',
      username: 'ada',
      password: PASSWORD,
      scope: 'openid offline_access',
    });
    const issued = (await (
      await fetch(`${ground.url}/realms/millrace/protocol/openid-connect/token`, { method: 'POST', body: form })
    ).json()) as Record<string, string>;
    const all = {
      ...{ access: issued['access_token'], refresh: issued['refresh_token'], token: token['secret'], key: key['secret'] },
      ...{ secret, password: PASSWORD, admin: 'a-canary-of-an-admin-token' },
    };
    for (const [name, value] of Object.entries(all)) if (typeof value === 'string') canaries.set(name, value);
  });

  afterAll(async () => {
    await ground.stop();
  });

  /** What to look for: a JWT by its signature, since who it speaks for is said elsewhere, too. */
  const marks = (): readonly string[] => [...canaries.values()].map((value) => value.split('.').at(-1) ?? value);
  const asked = ['access', 'token', 'key', 'refresh', 'password', 'admin'];
  const canary = (name: string): string => canaries.get(name) ?? '';

  it('is there in every kind', () => {
    expect([...canaries.keys()].toSorted()).toEqual(['access', 'admin', 'key', 'password', 'refresh', 'secret', 'token']);
  });

  it.each(asked)('is shown to no automation, whichever way it comes: %s', async (name) => {
    const value = canary(name);
    const ways: readonly Record<string, string>[] = [
      { authorization: `Bearer ${value}` },
      { authorization: `bearer  ${value}` },
      { 'millrace-api-key': value },
      { cookie: `__Host-millrace=${value}; millrace=${value}` },
      { 'proxy-authorization': `Bearer ${value}` },
      { 'x-forwarded-authorization': `Bearer ${value}`, 'millrace-principal': value },
    ];
    // A password in the place of a token is no credential of ours there: what it is belongs to whoever sent it.
    const meant = name === 'password' || name === 'admin' || name === 'refresh' ? ways.slice(2) : ways;
    for (const headers of meant) {
      const { body } = await ground.ask(`/e/${workspaceId}/show`, { headers });
      expect(body).not.toContain(value.split('.').at(-1));
    }
  });

  it.each(asked)('is not repeated by a refusal: %s', async (name) => {
    const value = canary(name);
    const wrong: readonly Record<string, string>[] = [
      { authorization: `Bearer ${value}x` },
      { authorization: `Basic ${value}` },
      { 'millrace-api-key': `${value}x` },
    ];
    for (const headers of wrong) {
      const { body, headers: told } = await ground.ask('/v1/workspaces', { headers });
      expect(body + JSON.stringify(told)).not.toContain(value.split('.').at(-1));
    }
    await ground.ask(`/v1/workspaces?access_token=${value}`);
    await ground.ask('/realms/millrace/protocol/openid-connect/token', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `grant_type=refresh_token&client_id=millrace-cli&refresh_token=${value}x`,
    });
    await ground.ask(`${ground.millrace.adminUrl}/sys/config`, { headers: { authorization: `Bearer ${value}x` } });
  });

  it('opens sockets without being told of', async () => {
    for (const name of ['access', 'token', 'key']) {
      const socket = io(`${ground.url}/v1/workspaces/${workspaceId}/events`, {
        auth: { token: canary(name) },
        transports: ['websocket'],
        forceNew: true,
      });
      await new Promise<void>((resolve) => socket.once('connect', resolve).once('connect_error', () => resolve()));
      socket.disconnect();
    }
  });

  it('stands afterwards in no event, no metric, no line of the log and no file', async () => {
    const { emitEvents, searchEvents } = EventsService.method;
    await ada.call(emitEvents, { workspaceId, events: [{ type: 'search.ended' }] });
    let events = '';
    for (let tries = 0; tries < TRIES && !events.includes('search.ended'); tries++) {
      events = JSON.stringify(await ada.call(searchEvents, { workspaceId, limit: 200 }));
    }
    expect(events).toContain('call.seen');
    const metrics = (await ground.ask(`${ground.millrace.adminUrl}/metrics`)).body;
    const log = ground.millrace.output();
    expect(log.length).toBeGreaterThan(1_000);
    const told = [events, metrics, log].map((text) => marks().filter((mark) => text.includes(mark)));
    expect(told).toEqual([[], [], []]);
    expect(ground.holding(marks())).toEqual([]);
  });

  it('stands in memory no longer than what it came with, unless the process was started with it', async () => {
    // A connection that is over lets go of what came by it when the next one is served.
    await ground.askAll(Array.from({ length: LATER }), () => ground.ask('/v1/workspaces'));
    const headers = { authorization: `Bearer ${canary('admin')}` };
    const { status, body } = await ground.ask(`${ground.millrace.adminUrl}/sys/heapdump`, { method: 'POST', headers });
    expect(status).toBe(201);
    const { file } = JSON.parse(body) as { readonly file: string };
    const heap = readFileSync(file);
    rmSync(file);
    expect(heap.includes('"snapshot":')).toBe(true);
    const found = [...canaries].filter(([, value]) => heap.includes(value.split('.').at(-1) ?? value));
    expect(found.map(([name]) => name).filter((name) => !STARTED_WITH.includes(name))).toEqual([]);
  });
});
