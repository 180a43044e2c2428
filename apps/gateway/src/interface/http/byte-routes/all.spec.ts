import { describe, expect, it } from '@jest/globals';
import Fastify from 'fastify';
import { EventExports } from '../exports/event-exports';
import { Assets } from '../exchange/assets';
import { Exports } from '../exchange/exports';
import { Imports } from '../exchange/imports';
import { Downloads } from '../files/downloads';
import { Uploads } from '../files/uploads';
import { BYTE_ROUTES } from './all';
import { doorPath } from './byte-route';

describe('the routes that bytes flow through', () => {
  it('are those that are mounted, each as it is declared, and no others', async () => {
    const parts = {} as never;
    const fastify = Fastify({ exposeHeadRoutes: false });
    const found: string[] = [];
    fastify.addHook('onRoute', ({ method, url, config }) => {
      found.push([method, url, (config as { routeClass?: string } | undefined)?.routeClass].join(' '));
    });
    const doors = [Assets, Downloads, EventExports, Exports, Imports, Uploads].map((Door) => new Door(parts));
    for (const door of doors) door.mount(fastify);
    await fastify.ready();
    expect(found.sort()).toEqual(
      BYTE_ROUTES.map(({ verb, path, routeClass }) => [verb.toUpperCase(), doorPath(path), routeClass].join(' ')).sort(),
    );
  });

  it('are written for the router as it reads them', () => {
    expect(doorPath('/v1/workspaces/{workspaceId}/versions/{version}:export')).toBe(
      '/v1/workspaces/:workspaceId/versions/:version([^/:]+)::export',
    );
    expect(doorPath('/v1/workspaces/{workspaceId}/draft:content')).toBe('/v1/workspaces/:workspaceId/draft::content');
  });
});
