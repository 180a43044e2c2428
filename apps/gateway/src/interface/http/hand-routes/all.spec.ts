import { describe, expect, it } from '@jest/globals';
import { Metrics } from '@millrace/observability';
import Fastify from 'fastify';
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
import { doorPath } from './hand-route';

/** Through which the identity provider leads browsers, and what it says itself. */
const OF_BROWSERS = / \/v1\/auth\/(?:sign-in|callback|backchannel-logout) /;

describe('the routes that are no calls', () => {
  it('are mounted, each as it is declared', async () => {
    const parts = {} as never;
    const fastify = Fastify({ exposeHeadRoutes: false });
    const found: string[] = [];
    fastify.addHook('onRoute', ({ method, url, config }) => {
      found.push([method, url, (config as { routeClass?: string } | undefined)?.routeClass].join(' '));
    });
    const doors = [Assets, AuthRoutes, Downloads, EventExports, Exports, Imports, LeavingRoute, Results, Uploads];
    for (const Door of doors) new Door(parts).mount(fastify);
    new EventStreams(parts, parts, new Metrics('gateway')).mount(fastify);
    await fastify.ready();
    const declared = HAND_ROUTES.map(({ verb, path, routeClass }) => [verb.toUpperCase(), doorPath(path), routeClass].join(' '));
    expect(found.filter((each) => !OF_BROWSERS.test(each)).sort()).toEqual(declared.sort());
  });

  it('are written for the router as it reads them', () => {
    expect(doorPath('/v1/workspaces/{workspaceId}/versions/{version}:export')).toBe(
      '/v1/workspaces/:workspaceId/versions/:version([^/:]+)::export',
    );
    expect(doorPath('/v1/workspaces/{workspaceId}/draft:content')).toBe('/v1/workspaces/:workspaceId/draft::content');
  });
});
