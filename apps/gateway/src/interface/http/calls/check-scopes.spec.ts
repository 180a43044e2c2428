import { describe, expect, it } from '@jest/globals';
import type { Principal } from '@millrace/kernel';
import { callRoutes } from './call-route';
import { checkScopes } from './check-scopes';
import { PUBLIC_SERVICES } from './public-services';

const holder = (...scopes: string[]): Principal => ({ kind: 'user', id: 'ada', roles: [], scopes });
const routes = callRoutes(PUBLIC_SERVICES);
const isLetIn = (principal: Principal, route: (typeof routes)[number]): boolean => {
  try {
    checkScopes(principal, route);
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: 'auth.scope_missing', refusal: 'forbidden' });
    return false;
  }
};

describe('the scopes of a credential', () => {
  it('are none for a credential that is not narrowed, and all are enough for everything', () => {
    for (const principal of [
      holder('*:*'),
      { kind: 'user', id: 'ada', roles: [] } as const,
      { kind: 'key', id: 'key_1', roles: [] } as const,
    ]) {
      expect(routes.filter((route) => !isLetIn(principal, route))).toEqual([]);
    }
  });

  it('without any let in to what is public alone', () => {
    const open = routes.filter((route) => isLetIn(holder(), route));
    expect(open.map(({ policy }) => policy.kind).filter((kind) => kind !== 'public')).toEqual([]);
    expect(routes.length).toBeGreaterThan(40);
  });

  it('let in to what they name', () => {
    const reads = routes.filter((route) => isLetIn(holder('read:events', 'read:me'), route) && route.policy.kind !== 'public');
    expect(
      reads.every(({ verb, policy }) => (policy.kind === 'me' ? verb === 'get' : policy.kind === 'rule' && policy.subject === 'events')),
    ).toBe(true);
    expect(reads.map(({ method }) => method.name)).toEqual(expect.arrayContaining(['GetMe', 'SearchEvents', 'ListTokens']));
  });
});
