import { describe, expect, it } from '@jest/globals';
import fastify from 'fastify';
import { RulesInForce } from '../../../application/policies/rules';
import { readRules } from '../../../infrastructure/gateway-file/read-rules';
import { callRoutes } from '../calls/call-route';
import { PUBLIC_SERVICES } from '../calls/public-services';
import { RouteTable } from '../calls/route-table';
import { Explain } from './explain';

function explain(written = ''): Explain {
  const table = new RouteTable(callRoutes(PUBLIC_SERVICES));
  const explained = new Explain({
    rules: new RulesInForce(readRules(written, 'gateway.yaml')),
    table,
    gateways: () => 2,
    resting: () => ['runtime'],
  });
  const door = fastify();
  explained.watch(door);
  door.get('/v1/results/:token', { config: { routeClass: 'endpoint' } }, () => '');
  door.get('/plain', () => '');
  return explained;
}

describe('what holds for a request', () => {
  it('is told of a call', () => {
    expect(explain().of('POST', '/v1/workspaces/lac/events')).toEqual({
      method: 'POST',
      path: '/v1/workspaces/lac/events',
      route: '/v1/workspaces/{workspace_id}/events',
      class: 'emit',
      permission: 'create events',
      limits: [
        { name: 'emit', by: 'principal', allowed: 3_000, seconds: 60, atOnce: 3_000, strict: false },
        { name: 'emit', by: 'address', allowed: 3_000, seconds: 60, atOnce: 3_000, strict: false },
        { name: 'emit.workspace', by: 'workspace', allowed: 200, seconds: 1, atOnce: 200, strict: false },
      ],
      gateways: 2,
      resting: ['runtime'],
      timeoutSeconds: 30,
      overload: 'refused last',
    });
  });

  it('is told of what is no call, of health, and of what nobody serves', () => {
    const { class: name, route } = explain().of('GET', '/v1/results/abc');
    expect([name, route]).toEqual(['endpoint', '/v1/results/:token']);
    expect(explain().of('GET', '/healthz')).toMatchObject({ class: 'health', limits: [], overload: 'never refused' });
    expect(explain().of('GET', '/plain')).toMatchObject({ class: 'page', route: 'none that is known', overload: 'refused second' });
  });

  it('names the rule of the operators, and why a request would be refused', () => {
    const written = `
blacklist: { paths: [/v1/me/**] }
maintenance: { lac: Back at noon. }
routes:
  - { match: { path: /v1/workspaces, method: get, host: a.test }, class: export, limit: 1/h, timeout: 2min, body: 10KiB }
  - { match: { path: /v1/workspaces, method: post }, off: true }
`;
    const explained = explain(written);
    expect(explained.of('GET', '/v1/workspaces', 'A.test:4000')).toMatchObject({
      rule: '/v1/workspaces',
      class: 'export',
      limits: [
        { name: 'route.1', by: 'principal', allowed: 1, seconds: 3_600 },
        { name: 'route.1', by: 'address' },
      ],
      timeoutSeconds: 120,
      mostBytes: 10_240,
    });
    expect(explained.of('GET', '/v1/workspaces')).not.toHaveProperty('rule');
    expect(explained.of('POST', '/v1/workspaces')['refused']).toBe('The rule of this path turns it off.');
    expect(explained.of('GET', '/v1/me/tokens')['refused']).toBe('The path is on the blacklist.');
    expect(explained.of('GET', '/v1/workspaces/lac')['refused']).toBe('Maintenance: Back at noon.');
  });
});
