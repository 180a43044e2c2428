import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonMap } from '@millrace/kernel';
import { passwordToken } from '@millrace/testing';
import { OwnIssuer } from '../own-issuer';
import { Household, PASSWORD } from './household';

/** Every service that exists and keeps something of people. */
const KEEPING = ['events', 'runtime', 'workspaces'];
/** Milliseconds for the gateway to look at the provider twice, and for the work. */
const LOOKS = 180_000;
const NOTE = 'a canary of what was said';
const REMEMBERS =
  "arguments: { note: { type: string } }\ndo:\n  - set: { name: user.note, value: '{{note}}, {{note}}' }\n  - emit: { event: note.taken }\n";

/** Somebody with all that the services keep of people, and what of it must not be found afterwards. */
interface Canary {
  readonly id: string;
  readonly token: string;
  readonly marks: readonly string[];
}

async function canary(house: Household): Promise<Canary> {
  const [ada, token] = await Promise.all(['ada', 'bob'].map((name) => passwordToken(`${house.url}/realms/millrace`, name, PASSWORD)));
  if (ada === undefined || token === undefined) throw new Error('Nobody signed in.');
  const me = await house.done(token, 'GET', '/v1/me');
  const id = me['id'] as string;
  const [hers, theirs] = [
    await house.done(ada, 'POST', '/v1/workspaces', { name: 'Hers' }),
    await house.done(token, 'POST', '/v1/workspaces', { name: 'Theirs' }),
  ];
  const W = `/v1/workspaces/${hers['id'] as string}`;
  await house.done(ada, 'POST', `${W}/members`, { userId: id, roles: ['editor'] });
  await house.done(ada, 'POST', `${W}/topics`, { name: 'news' });
  await house.done(ada, 'POST', `${W}/topics/news/members`, { users: [id] });
  await house.done(ada, 'PUT', `${W}/automations/remembers`, REMEMBERS);
  await house.done(ada, 'POST', `${W}/versions`, {});
  await house.done(token, 'POST', `${W}/automations/remembers:run`, { payload: { note: NOTE } });
  await house.done(token, 'POST', '/v1/me/tokens', { name: 'a canary of a token', scopes: ['read:me'] });
  await house.done(token, 'POST', `/v1/workspaces/${theirs['id'] as string}/keys`, { name: 'ci', role: 'viewer' });
  return { id, token, marks: ['bob@millrace.example', 'Bob Weaver', 'Weaver', 'a canary of a token', `${NOTE}, ${NOTE}`] };
}

const erasedBy = ({ erased }: JsonMap): readonly string[] =>
  (erased as unknown as readonly { readonly service: string }[]).map(({ service }) => service).toSorted();

describe('a person who leaves', () => {
  it.each(KEEPING)('is erased by all when %s is back, and until then the receipt lacks it', async (away) => {
    await using house = await Household.open();
    const { id, token, marks } = await canary(house);
    await house.stop(away);
    const { status, body } = await house.call(token, 'DELETE', '/v1/me');
    expect(status).toBe(202);
    const receipt = body['receipt'] as string;
    const others = KEEPING.filter((service) => service !== away);
    const meanwhile = await house.erasure(receipt, (erasure) => erasedBy(erasure).length === others.length);
    expect([meanwhile['state'], erasedBy(meanwhile)]).toEqual(['erasing', others]);
    await house.start(away);
    const done = await house.erasure(receipt, ({ state }) => state === 'erased');
    expect(erasedBy(done)).toEqual(KEEPING);
    expect(JSON.stringify(done)).not.toContain(id);
    expect(done['erased']).toContainEqual(
      expect.objectContaining({ service: 'events', counts: { topics: 1, eventsKept: expect.any(Number) } }),
    );
    // The bare id leads to nobody any more: the log keeps it, as it says, and what refuses tokens of theirs for as long as one could live.
    expect((await house.left([...marks, id])).toSorted()).toEqual(['history.db', 'key-value.db', 'log.db'].map((file) => `${file}: ${id}`));
  });
});

describe('a person whose account is removed at the provider', () => {
  let issuer: OwnIssuer;

  beforeEach(async () => {
    issuer = await OwnIssuer.start();
  });

  afterEach(() => issuer.stop());

  it(
    'is erased by all, though one was away; and so is who left while the provider was, and the gateway ended',
    async () => {
      const removed: string[] = [];
      issuer.answering = (method, path) => keycloak(issuer, removed, method, path);
      await using house = await Household.open({ ...issuer.environment, MILLRACE_GATEWAY_SECRET: 'a-secret-of-the-gateway' });
      const [ada, bob] = await Promise.all(['ada', 'bob'].map((sub) => issuer.token({ claims: { sub, auth_time: seconds() } })));
      await house.done(ada ?? '', 'POST', '/v1/workspaces', { name: 'Of Ada' });
      await house.done(bob ?? '', 'POST', '/v1/workspaces', { name: 'Of Bob' });
      await house.stop('workspaces');
      issuer.away = true;
      const receipt = (await house.done(ada ?? '', 'DELETE', '/v1/me'))['receipt'] as string;
      expect(await house.erasure(receipt, () => true)).toMatchObject({ state: 'leaving', by: 'person' });
      await house.stop('gateway');
      issuer.away = false;
      removed.push('bob');
      await house.start('gateway');
      expect(erasedBy(await house.erasure(receipt, ({ state }) => state === 'erasing'))).not.toContain('workspaces');
      await house.start('workspaces');
      expect(erasedBy(await house.erasure(receipt, ({ state }) => state === 'erased'))).toEqual(KEEPING);
      expect(await house.erasers('bob', KEEPING.length)).toEqual(KEEPING);
      expect((await house.call(bob ?? '', 'GET', '/v1/me')).status).toBe(401);
    },
    LOOKS,
  );
});

const seconds = (): number => Math.floor(Date.now() / 1000);

/** What Keycloak answers a gateway that looks for accounts which were removed. */
function keycloak({ url }: OwnIssuer, removed: readonly string[], method: string, path: string): unknown {
  if (path.endsWith('/.well-known/openid-configuration')) return { issuer: url, token_endpoint: `${url}/token` };
  if (path.endsWith('/token')) return { access_token: 'x', token_type: 'Bearer', expires_in: 60 };
  if (path.includes('/admin-events?')) return removed.map((user) => ({ resourcePath: `users/${user}` }));
  if (path.includes('/events?')) return [];
  return method === 'GET' ? undefined : {};
}
