import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fastify, { type FastifyInstance } from 'fastify';
import { OpenOrigins } from '../../../application/ports/open-origins';
import { answerOrigin } from './cors';
import { Origins } from '../origins';

const CONSOLE = 'https://console.test';
const SHOP = 'https://shop.test';

/** What any page may read, and what none may. */
const UNTOLD = new Set(['Last-Modified', 'Set-Cookie']);

interface Document {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly responses: Readonly<Record<string, { readonly headers?: object }>> }>>>
  >;
}

class ShopOfMill extends OpenOrigins {
  override letsIn(workspace: string, origin: string): boolean {
    return workspace === 'mill' && origin === SHOP;
  }
}

describe('pages of other origins', () => {
  let door: FastifyInstance;

  beforeAll(async () => {
    const origins = new Origins([CONSOLE]);
    origins.addWorkspaces(new ShopOfMill());
    door = fastify();
    door.addHook('onRequest', (request, reply, done) => {
      if (!answerOrigin(request, reply, origins)) done();
    });
    door.all('/*', (_request, reply) => reply.send('ok'));
    await door.ready();
  });

  afterAll(async () => {
    await door.close();
  });

  const allowed = async (url: string, origin: string): Promise<unknown> =>
    (await door.inject({ url, headers: { origin } })).headers['access-control-allow-origin'];
  const preflight = async (url: string, origin: string, asked: string) =>
    (
      await door.inject({
        method: 'OPTIONS',
        url,
        headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': asked },
      })
    ).headers;

  it.each(['/v1/me', '/v1/workspaces/mill', '/v1/workspaces/mill/webhooks/pay'])(
    'of the operators may call everywhere: %s',
    async (url) => {
      expect(await allowed(url, CONSOLE)).toBe(CONSOLE);
    },
  );

  it.each([
    '/v1/workspaces/mill/webhooks/pay',
    '/v1/workspaces/m%69ll/webhooks/pay',
    '/e/mill/pay',
    '/v1/workspaces/mill/events',
    '/v1/workspaces/mill/events:stream',
    '/v1/workspaces/mill/events/evt_1',
    '/v1/workspaces/mill/files/fil_1/content',
  ])('of a workspace may call its own places: %s', async (url) => {
    expect(await allowed(url, SHOP)).toBe(SHOP);
  });

  it.each([
    '/v1/me',
    '/v1/workspaces/mill',
    '/v1/workspaces/mill/eventss',
    '/v1/workspaces/mill/automations/events',
    '/v1/workspaces/mill/files/fil_1',
    '/v1/workspaces/other/webhooks/mill',
    '/e/other/mill/',
    '/v1/workspaces/mill?x=/webhooks/pay',
  ])('of a workspace may call nothing else: %s', async (url) => {
    expect(await allowed(url, SHOP)).toBeUndefined();
    expect((await door.inject({ url, headers: { origin: SHOP } })).headers['vary']).toBe('Origin');
  });

  it('never bring credentials of the browser', async () => {
    for (const url of ['/v1/me', '/e/mill/pay'])
      expect(await preflight(url, CONSOLE, 'authorization')).not.toHaveProperty('access-control-allow-credentials');
  });

  it('may send endpoints the headers their authors know, and others those of ours', async () => {
    expect((await preflight('/e/mill/pay', SHOP, 'content-type, x-mill-token'))['access-control-allow-headers']).toBe(
      'content-type, x-mill-token',
    );
    expect((await preflight('/e/mill/pay', SHOP, 'x\tinjected'))['access-control-allow-headers']).toMatch(/^Authorization, /);
    expect((await preflight('/v1/me', CONSOLE, 'x-mill-token'))['access-control-allow-headers']).toMatch(/^Authorization, /);
  });

  it('may read every header that the document tells of, but cookies', async () => {
    const { paths } = JSON.parse(
      readFileSync(join(import.meta.dirname, '../../../../../../docs/reference/openapi.json'), 'utf8'),
    ) as Document;
    const answers = Object.values(paths).flatMap((verbs) => Object.values(verbs).flatMap(({ responses }) => Object.values(responses)));
    const told = [...new Set(answers.flatMap(({ headers = {} }) => Object.keys(headers)))].filter((name) => !UNTOLD.has(name));
    const { headers } = await door.inject({ url: '/v1/me', headers: { origin: CONSOLE } });
    expect(String(headers['access-control-expose-headers']).split(', ')).toEqual(expect.arrayContaining(told));
    expect(told.length).toBeGreaterThan(5);
  });
});
