import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DomainError } from '@millrace/kernel';
import { openPoliciesStage, type PoliciesStage } from '../../../testing/policies-stage';
import { RealmDoor, type Realm } from './realm-door';

/** Takes the query for the name, and lets in whoever says so. */
const realm: Realm = {
  handle: (request, response, count) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://realm.test');
    if (!pathname.endsWith('/sign-in/1')) return void response.end();
    count(searchParams.get('name') ?? '')
      .then(async (giveBack) => {
        if (searchParams.has('right')) await giveBack();
        response.end();
      })
      .catch((error: unknown) => response.writeHead(429).end(error instanceof DomainError ? error.message : ''));
  },
  close: async () => undefined,
};

describe('signing in at the embedded provider', () => {
  let stage: PoliciesStage;

  beforeEach(async () => {
    stage = await openPoliciesStage('', [], (policies) => [new RealmDoor('/realms/millrace', realm, policies)]);
  });

  afterEach(async () => {
    await stage[Symbol.asyncDispose]();
  });

  const post = (path: string): Promise<Response> => fetch(`${stage.url}/realms/millrace${path}`, { method: 'POST' });
  const statuses = async (count: number, path: (nth: number) => string): Promise<number[]> => {
    const found: number[] = [];
    for (let nth = 0; nth < count; nth++) found.push((await post(path(nth))).status);
    return found;
  };

  it('is tried five times a minute by one name, however it is written', async () => {
    const names = ['ada', 'ADA', '%20ada', 'Ada', 'aDa'];
    expect(await statuses(5, (nth) => `/sign-in/1?name=${names[nth]}`)).toEqual([200, 200, 200, 200, 200]);
    const refused = await post('/sign-in/1?name=ada');
    expect([refused.status, refused.headers.get('ratelimit-policy')]).toEqual([429, '"password.user";q=5;w=60']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused.text()).toContain('Too many requests for this user name');
    expect((await post('/sign-in/1?name=bob')).status).toBe(200);
  });

  it('is tried ten times a minute from one address', async () => {
    expect((await statuses(12, (nth) => `/sign-in/1?name=u${nth}`)).indexOf(429)).toBe(10);
  });

  it('costs nothing when it succeeds', async () => {
    expect(new Set(await statuses(20, () => '/sign-in/1?name=ada&right'))).toEqual(new Set([200]));
  });

  it.each([['/protocol/openid-connect/auth/device'], ['/device']])('by a device is tried ten times a minute: %s', async (path) => {
    expect((await statuses(11, () => path)).indexOf(429)).toBe(10);
    expect((await post('/protocol/openid-connect/token')).headers.get('ratelimit-policy')).toBe('"realm";q=600;w=60');
  });
});
