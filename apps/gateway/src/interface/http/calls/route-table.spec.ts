import type { DomainError } from '@millrace/kernel';
import { describe, expect, it } from '@jest/globals';
import { refusalOf } from '../../../../testing/refusal-of';
import { RouteTable, type Declared } from './route-table';

const ROUTES: readonly Declared[] = [
  { verb: 'get', path: '/v1/workspaces' },
  { verb: 'post', path: '/v1/workspaces' },
  { verb: 'get', path: '/v1/workspaces/{workspace_id}' },
  { verb: 'post', path: '/v1/workspaces/{workspace_id}:restore' },
  { verb: 'get', path: '/v1/workspaces/{workspace_id}/events/{event_id}' },
  { verb: 'post', path: '/v1/workspaces/{workspace_id}/events:search' },
  { verb: 'put', path: '/v1/workspaces/{workspace_id}/automations/{slug}' },
  { verb: 'post', path: '/v1/workspaces/{workspace_id}/automations/{slug}:run' },
  { verb: 'get', path: '/v1/workspaces/{workspace_id}/automations/latest' },
];
const table = new RouteTable(ROUTES);
const W = '/v1/workspaces/ws_1';

const refusal = (method: string, path: string): DomainError => refusalOf(() => table.match(method, path));

describe('the route table', () => {
  it.each([
    ['GET', '/v1/workspaces', 0, {}],
    ['HEAD', '/v1/workspaces', 0, {}],
    ['POST', '/v1/workspaces', 1, {}],
    ['GET', W, 2, { workspace_id: 'ws_1' }],
    ['POST', `${W}:restore`, 3, { workspace_id: 'ws_1' }],
    ['GET', `${W}/events/e%2D1`, 4, { workspace_id: 'ws_1', event_id: 'e-1' }],
    ['POST', `${W}/events:search`, 5, { workspace_id: 'ws_1' }],
    ['PUT', `${W}/automations/a%2Fb`, 6, { workspace_id: 'ws_1', slug: 'a/b' }],
    ['POST', `${W}/automations/a%2fb:run`, 7, { workspace_id: 'ws_1', slug: 'a/b' }],
    ['GET', `${W}/automations/latest`, 8, { workspace_id: 'ws_1' }],
    ['GET', '/v1/workspace%73', 0, {}],
    ['GET', `/v1/workspaces/a%3Arestore`, 2, { workspace_id: 'a:restore' }],
  ])('finds %s %s', (method, path, index, parameters) => {
    expect(table.match(method, path)).toEqual({ route: ROUTES[index], path: parameters });
  });

  it.each([
    '/',
    '/v1',
    '/v1/',
    '/v1/workspaces/',
    '/V1/workspaces',
    '/v1/Workspaces',
    `${W}/`,
    `${W}/events`,
    `${W}:unknown`,
    `${W}/events:searches`,
    `${W}/events/e1:search`,
    `${W}/automations/a/b`,
    `${W}/automations/:run`,
    '/v1/__proto__',
  ])('does not know %s', (path) => {
    expect(refusal('GET', path)).toMatchObject({ code: 'api.route_unknown', refusal: 'not-found' });
  });

  it('says of a slash that is encoded that it means nothing for certain', () => {
    expect(refusal('GET', '/v1/workspaces%2Fws_1')).toMatchObject({ code: 'api.path_invalid' });
  });

  it('says which methods a path has', () => {
    expect(refusal('DELETE', '/v1/workspaces')).toMatchObject({
      code: 'api.method_not_allowed',
      facts: { allow: ['GET', 'HEAD', 'POST'] },
    });
    expect(refusal('GET', `${W}/automations/a:run`)).toMatchObject({ facts: { allow: ['POST'] } });
    expect(refusal('POST', `${W}/automations/a`)).toMatchObject({ facts: { allow: ['PUT'] } });
  });

  it('knows the methods of what somebody else serves, and serves nothing of it', () => {
    const others = new RouteTable(ROUTES, [
      { verb: 'delete', path: '/v1/workspaces/{workspaceId}' },
      { verb: 'post', path: '/v1/workspaces:import' },
    ]);
    const refused = (method: string, path: string): DomainError => refusalOf(() => others.match(method, path));
    expect(refused('PATCH', W)).toMatchObject({ code: 'api.method_not_allowed', facts: { allow: ['DELETE', 'GET', 'HEAD'] } });
    expect(refused('GET', '/v1/workspaces:import')).toMatchObject({ code: 'api.method_not_allowed', facts: { allow: ['POST'] } });
    expect(refused('POST', '/v1/workspaces:import')).toMatchObject({ code: 'api.route_unknown' });
    expect(others.find('DELETE', W)).toBeUndefined();
    expect(others.find('GET', W)).toBe(ROUTES[2]);
  });

  it('refuses an encoded slash outside slugs', () => {
    expect(refusal('GET', '/v1/workspaces/a%2Fb')).toMatchObject({ code: 'api.path_invalid' });
    expect(refusal('PUT', '/v1/workspaces/a%2Fb/automations/c')).toMatchObject({ code: 'api.path_invalid' });
  });

  it('does not take two routes that cannot be told apart', () => {
    expect(() => new RouteTable([...ROUTES, { verb: 'get', path: '/v1/workspaces/{name}' }])).toThrow(/cannot be told/);
  });
});
