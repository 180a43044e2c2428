import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { policyOf, routeOf } from '@millrace/contracts';
import { millraceUnderTest, type MillraceUnderTest } from '@millrace/testing';
import { METHODS } from './methods';

/** What is served to everybody: a check of access by the shape of a path would let these ends through. */
const PUBLIC_ENDS = [
  '/healthz',
  '/openapi.json',
  '/docs',
  '/.well-known/security.txt',
  '/.well-known/oauth-protected-resource',
  '/realms/millrace',
  '/problems/api.internal',
  '/schemas/v1/event.json',
];

/** Paths that two readers could read in two ways, made of a good one. */
const AMBIGUOUS: readonly ((path: string) => string)[] = [
  (path) => `/${path}`,
  (path) => path.replace('/v1/', '/v1//'),
  (path) => path.replace('/v1/', '//v1/'),
  (path) => `${path}//`,
  (path) => `${path}/..`,
  (path) => `/healthz/..${path}`,
  (path) => `/healthz/%2e%2e${path}`,
  (path) => `${path}/.%2E/healthz`,
  (path) => `${path};x=1`,
  (path) => `${path}%3b.json`,
  (path) => path.replace('/v1/', '/v1;/'),
  (path) => `${path}.`,
  (path) => `${path}%2e`,
  (path) => path.replace('/v1/', '/v1/./'),
  (path) => `${path}%00`,
  (path) => `${path}%0a`,
  (path) => `${path}%5chealthz`,
  (path) => path.replace('/v1/', '/v1\\'),
  (path) => `${path}%`,
  (path) => `${path}%c0%ae`,
  (path) => path.replace('/v1/', '/v1%2f'),
  (path) => path.replace('/v1/', '/v1/x%2F'),
];

/** Paths that are plain and are not the route: another one, or none. */
const OTHER: readonly ((path: string) => string)[] = [
  (path) => `${path}/`,
  (path) => path.toUpperCase(),
  (path) => path.replace('/v1/', '/V1/'),
  (path) => path.replace('/v1/', '/%76%31/'),
  (path) => path.replaceAll('x', '%78'),
  (path) => `${path}?/healthz`,
  (path) => `${path}?x=/../healthz`,
  (path) => `${path}%3f/healthz`,
  (path) => `${path}%23/healthz`,
  ...PUBLIC_ENDS.map((end) => (path: string) => `${path}${end}`),
  ...PUBLIC_ENDS.map((end) => (path: string) => `${end}${path}`),
];

const ROUTES = METHODS.flatMap((method) => {
  const route = routeOf(method);
  if (route === undefined || policyOf(method).kind === 'public') return [];
  return [[`${route.verb.toUpperCase()} ${route.path}`, route.verb.toUpperCase(), route.path.replaceAll(/\{\w+\}/g, 'x')] as const];
});

describe('access', () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  let millrace: MillraceUnderTest;
  let token: string;

  beforeAll(async () => {
    millrace = await millraceUnderTest();
    token = await millrace.token('ada');
  });

  afterAll(async () => {
    agent.destroy();
    await millrace.stop();
  });

  /** Sends the path as it is written: `fetch` would tidy it. */
  const statusOf = (method: string, path: string, headers: Record<string, string> = {}): Promise<number> => {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const { hostname, port } = new URL(millrace.url);
    const answered = (answer: IncomingMessage): void => {
      answer.resume().once('end', () => resolve(answer.statusCode ?? 0));
    };
    httpRequest({ agent, hostname, port, method, path, headers }, answered).on('error', reject).end();
    return promise;
  };
  const statuses = (method: string, paths: readonly string[], headers?: Record<string, string>): Promise<[string, number][]> =>
    Promise.all(paths.map(async (path): Promise<[string, number]> => [path, await statusOf(method, path, headers)]));

  it('is tried on every route', () => {
    expect(ROUTES.length).toBeGreaterThan(60);
  });

  it.each(ROUTES)('to %s is not decided by the shape of its path', async (_, method, path) => {
    expect(await statusOf(method, path)).toBe(401);
    const shapes = [...AMBIGUOUS, ...OTHER].map((shape) => shape(path));
    const open = (await statuses(method, shapes)).filter(([, status]) => ![400, 401, 404, 405].includes(status));
    expect(open).toEqual([]);
  });

  it.each(ROUTES)('to %s is the same for one who is signed in: what could be read in two ways is not read', async (_, method, path) => {
    const answered = await statuses(
      method,
      AMBIGUOUS.map((shape) => shape(path)),
      { authorization: `Bearer ${token}` },
    );
    expect(answered.filter(([, status]) => status !== 400)).toEqual([]);
  });
});
