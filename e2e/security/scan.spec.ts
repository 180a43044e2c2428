import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ground } from './ground';

const ADMIN_TOKEN = 'an-admin-token-for-tests';
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

interface Shown {
  readonly method: string;
  readonly path: string;
  readonly permission?: string;
}

/** What the public door serves to everybody, besides calls that are declared public: pages, documents, ways to sign in. */
const OPEN = [
  /^\/(?:healthz|openapi\.json|favicon\.ico|docs(?:\/.*)?|console(?:\/.*)?)?$/,
  /^\/(?:problems|schemas|realms|\.well-known)\//,
  /^\/v1\/auth\/(?:sign-in|callback|backchannel-logout|anonymous)$/,
];
/** Where the workspace, the link or the ticket in the path says who may, and answers of strangers are those of nobody. */
const BY_PATH = [/\/webhooks\//, /^\/e\//, /^\/v1\/(?:results|files|invitations)\//, /^\/socket\.io/];

/** What `/openapi.json` does not tell of, and why. */
const UNTOLD: readonly (readonly [path: RegExp, why: string])[] = [
  [/^\/v1\/\*$/, 'Calls come in there, and each of them is told of.'],
  [/^\/v1\/workspaces\/:workspace\/webhooks\/\*$/, 'The document of the workspace tells of its endpoints.'],
  [/^\/e\/:workspace\/\*$/, 'As above.'],
  [/^\/v1\/auth\/(?:sign-in|callback)$/, 'Browsers are led through it; a program signs in at the realm.'],
  [/^\/v1\/auth\/backchannel-logout$/, 'The identity provider speaks there, as OpenID Connect says.'],
  [/^\/realms\//, 'The identity provider has a document of its own.'],
  [/^\/socket\.io\/\*$/, 'It is a protocol, and no requests and answers.'],
  [/^\/(?:healthz|openapi\.json|docs(?:\/docs\.(?:css|js))?)$/, 'It is about the instance and its API, and belongs to no version of it.'],
  [/^\/(?:problems|schemas|\.well-known)\//, 'As above.'],
];

describe('a scan of all ports without credentials', () => {
  let ground: Ground;
  let routes: readonly Shown[];

  beforeAll(async () => {
    ground = await Ground.make({ MILLRACE_ADMIN_TOKEN: ADMIN_TOKEN });
    const { body } = await ground.ask(`${ground.millrace.adminUrl}/sys/routes`, { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } });
    routes = (JSON.parse(body) as { gateway: readonly Shown[] }).gateway.filter(({ method }) => METHODS.includes(method));
  });

  afterAll(async () => {
    await ground.stop();
  });

  const fill = (path: string): string => path.replaceAll(/(?<=\/):\w+|\{\w+\}|\*/g, 'x1');
  const isOpen = ({ path, permission }: Shown): boolean => permission === 'public' || OPEN.some((each) => each.test(path));

  it('finds the routes of the public door', () => {
    expect(routes.length).toBeGreaterThan(60);
    expect(routes.filter(({ permission }) => permission === undefined).map(({ path }) => path)).toContain('/healthz');
  });

  it('reads of each of them in the document of the API, but for what is not told there for a reason', async () => {
    const { paths } = JSON.parse((await ground.ask('/openapi.json')).body) as { paths: Record<string, object> };
    const form = (path: string): string => path.replaceAll('::', ':').replaceAll(/\{\w+\}|(?<=\/):\w+(?:\([^)]*\))?/g, '{}');
    const told = new Set(Object.entries(paths).flatMap(([path, verbs]) => Object.keys(verbs).map((verb) => `${verb} ${form(path)}`)));
    const untold = routes.filter(({ method, path }) => method !== 'HEAD' && !told.has(`${method.toLowerCase()} ${form(path)}`));
    expect(untold.filter(({ path }) => !UNTOLD.some(([each]) => each.test(path)))).toEqual([]);
    expect(UNTOLD.filter(([each]) => !untold.some(({ path }) => each.test(path)))).toEqual([]);
  });

  it('is answered 401 or 404 by every route that is not for everybody', async () => {
    const closed = routes.filter((route) => !isOpen(route));
    const asked = await ground.askAll(closed, ({ method, path }) => ground.ask(fill(path), { method }));
    const answers = closed.map(({ method, path }, at) => ({ method, path, status: asked[at]?.status ?? 0 }));
    const byPath = (path: string): boolean => BY_PATH.some((each) => each.test(path));
    const wanted = (path: string): readonly number[] => (byPath(path) ? [400, 401, 404, 405, 410] : [401, 404]);
    expect(answers.filter(({ path, status }) => !wanted(path).includes(status))).toEqual([]);
  });

  it('meets no admin route on the public door', async () => {
    for (const path of [
      '/sys/config',
      '/sys/routes',
      '/sys/logging',
      '/sys/heapdump',
      '/sys/profile',
      '/metrics',
      '/livez',
      '/readyz',
      '/startupz',
    ]) {
      for (const method of METHODS) expect([path, (await ground.ask(path, { method })).status]).toEqual([path, 404]);
    }
  });

  it('sees health and metrics on the admin port, and nothing else', async () => {
    const { adminUrl } = ground.millrace;
    for (const path of ['/livez', '/readyz', '/startupz', '/sys/healthcheck', '/metrics']) {
      expect([path, (await ground.ask(`${adminUrl}${path}`)).status]).toEqual([path, 200]);
    }
    const closed = ['/sys/config', '/sys/routes', '/sys/logging', '/sys/heapdump', '/sys/profile?seconds=1', '/sys/gateway/explain'];
    const tricks = [
      '//sys/config',
      '/sys/./config',
      '/sys/config/',
      '/sys/config;x',
      '/SYS/CONFIG',
      '/sys%2fconfig',
      '/livez/../sys/config',
      '/sys/config%00',
    ];
    for (const path of [...closed, ...tricks]) {
      for (const method of METHODS) expect([401, 404]).toContain((await ground.ask(`${adminUrl}${path}`, { method })).status);
    }
  });

  it('shows nothing secret even to whom the admin port lets in, and dumps no memory unless that is switched on', async () => {
    const { adminUrl } = ground.millrace;
    const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
    const { status, body } = await ground.ask(`${adminUrl}/sys/config`, { headers });
    expect(status).toBe(200);
    expect(body).toContain('"MILLRACE_ADMIN_TOKEN":{"value":"REDACTED","from":"environment"}');
    expect(body).not.toContain(ADMIN_TOKEN);
    expect(body).not.toContain('a-password-for-tests');
    expect((await ground.ask(`${adminUrl}/sys/heapdump`, { method: 'POST', headers })).status).toBe(403);
  });

  it('is let in as an operator of the platform, and not as anybody else', async () => {
    const { adminUrl } = ground.millrace;
    const statusFor = async (username: string): Promise<number> =>
      (await ground.ask(`${adminUrl}/sys/routes`, { headers: { authorization: `Bearer ${await ground.token(username)}` } })).status;
    expect([await statusFor('ada'), await statusFor('bob')]).toEqual([200, 403]);
  });
});
