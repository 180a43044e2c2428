import { describe, expect, it } from '@jest/globals';
import { Metrics } from '@millrace/observability';
import Fastify, { type FastifyInstance, type RouteOptions } from 'fastify';
import { EventStreams } from '../../sockets/event-streams';
import { AuthRoutes } from '../auth/auth-routes';
import { LeavingRoute } from '../auth/leaving-route';
import { Results } from '../endpoints/results';
import { EventExports } from '../exports/event-exports';
import { Assets } from '../exchange/assets';
import { Exports } from '../exchange/exports';
import { Imports } from '../exchange/imports';
import { Downloads } from '../files/downloads';
import { Uploads } from '../files/uploads';
import { HAND_ROUTES } from './all';
import { doorPath, takesAnyQuery, type HandRoute } from './hand-route';

/** Through which the identity provider leads browsers, and what it says itself. */
const OF_BROWSERS = / \/v1\/auth\/(?:sign-in|callback|backchannel-logout) /;

/** Of everything as much as lets a request come to where it is served. */
const PARTS = {
  callers: { caller: async () => ({ kind: 'user', id: 'usr_1' }) },
  bus: { call: async () => ({}) },
  clock: { now: () => 0 },
};

/** The routes on a door. `onRoute`: told of each. */
async function mountedAll(onRoute: (route: RouteOptions) => void = () => undefined): Promise<FastifyInstance> {
  const parts = PARTS as never;
  const fastify = Fastify({ exposeHeadRoutes: false }).addHook('onRoute', onRoute);
  fastify.decorateRequest('trace');
  const doors = [Assets, AuthRoutes, Downloads, EventExports, Exports, Imports, LeavingRoute, Results, Uploads];
  for (const Door of doors) new Door(parts).mount(fastify);
  new EventStreams(parts, parts, new Metrics('gateway')).mount(fastify);
  await fastify.ready();
  return fastify;
}

/** What the route makes of a request whose query says these. */
async function codeOf(fastify: FastifyInstance, { verb, path }: HandRoute, names: readonly string[]): Promise<string | undefined> {
  const query = new URLSearchParams(names.map((name): [string, string] => [name, '1']));
  const url = `${path.replaceAll(/\{\w+\}/g, 'x')}?${query.toString()}`;
  return (await fastify.inject({ method: verb, url })).json<{ code?: string }>().code;
}

describe('the routes that are no calls', () => {
  it('are mounted, each as it is declared', async () => {
    const found: string[] = [];
    await mountedAll(({ method, url, config }) => {
      found.push([method, url, (config as { routeClass?: string } | undefined)?.routeClass].join(' '));
    });
    const declared = HAND_ROUTES.map(({ verb, path, routeClass }) => [verb.toUpperCase(), doorPath(path), routeClass].join(' '));
    expect(found.filter((each) => !OF_BROWSERS.test(each)).sort()).toEqual(declared.sort());
  });

  it.each(HAND_ROUTES.map((route) => [route.id, route] as const))(
    'read no other parameter than their own, unless they may be asked by anybody: %s',
    async (_, route) => {
      const fastify = await mountedAll();
      const own = [...(route.query?.fields ?? []), ...(route.parameters?.includes('EventPayload') === true ? ['payload'] : [])];
      const refused = expect(await codeOf(fastify, route, [...own, 'isAdmin']));
      if (takesAnyQuery(route)) refused.not.toBe('api.field_unknown');
      else refused.toBe('api.field_unknown');
      expect(await codeOf(fastify, route, own)).not.toBe('api.field_unknown');
    },
  );

  it('are written for the router as it reads them', () => {
    expect(doorPath('/v1/workspaces/{workspaceId}/versions/{version}:export')).toBe(
      '/v1/workspaces/:workspaceId/versions/:version([^/:]+)::export',
    );
    expect(doorPath('/v1/workspaces/{workspaceId}/draft:content')).toBe('/v1/workspaces/:workspaceId/draft::content');
  });
});
